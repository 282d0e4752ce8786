import Link from '@mui/material/Link';
import { createLink } from '@tanstack/react-router';

/** A link to a page of the console, whose address is checked by its types. */
export const PageLink = createLink(Link);
