import ListItemButton from '@mui/material/ListItemButton';
import { createLink } from '@tanstack/react-router';

/** A row of a list that leads to a page. */
export const ListLink = createLink(ListItemButton);
