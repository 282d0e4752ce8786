import Button from '@mui/material/Button';
import { createLink } from '@tanstack/react-router';

/** A link to a page of the console that looks like a button; where it leads is checked against the routes. */
export const LinkButton = createLink(Button);
