import { createTheme } from '@mui/material/styles';

/** Light and dark by what the viewer's system prefers, or as chosen. Colours keep WCAG 2.2 AA contrast on both grounds. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-color-scheme' },
  colorSchemes: {
    light: {
      palette: {
        primary: { main: '#1d4ed8' },
        success: { main: '#15803d' },
        warning: { main: '#a15c07' },
        error: { main: '#b91c1c' },
        background: { default: '#f7f8fa', paper: '#ffffff' },
      },
    },
    dark: {
      palette: {
        primary: { main: '#93b4ff' },
        success: { main: '#6ee7a0' },
        warning: { main: '#f5c26b' },
        error: { main: '#fca5a5' },
        background: { default: '#101418', paper: '#181d23' },
      },
    },
  },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    h1: { fontSize: '1.5rem', fontWeight: 600 },
    h2: { fontSize: '1.15rem', fontWeight: 600 },
    h3: { fontSize: '1rem', fontWeight: 600 },
    button: { textTransform: 'none' },
  },
  components: {
    MuiButtonBase: {
      styleOverrides: {
        root: { '&.Mui-focusVisible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 2 } },
      },
    },
    // As high as the fields that it stands beside.
    MuiButton: { styleOverrides: { sizeMedium: { minHeight: 40 } } },
    MuiCssBaseline: {
      styleOverrides: {
        '@media (prefers-reduced-motion: reduce)': { '*, *::before, *::after': { transition: 'none !important' } },
      },
    },
    // Who may not change a setting still has to read it.
    MuiFormControlLabel: {
      styleOverrides: { label: { '&.Mui-disabled': { color: 'var(--mui-palette-text-primary)' } } },
    },
    MuiList: { styleOverrides: { root: { '& > .MuiListItem-divider:last-of-type': { borderBottom: 0 } } } },
    MuiLink: { defaultProps: { underline: 'always' } },
    MuiPaper: { defaultProps: { variant: 'outlined' } },
    // It cuts off what is around its knob, so the ring that shows the focus is around the whole.
    MuiSwitch: {
      styleOverrides: {
        root: {
          borderRadius: 8,
          '&:has(:focus-visible)': { outline: '2px solid var(--mui-palette-primary-main)' },
        },
        switchBase: { '&.Mui-focusVisible': { outline: 'none' } },
      },
    },
    MuiTableBody: { styleOverrides: { root: { '& > tr:last-of-type > *': { borderBottom: 0 } } } },
    // In a section a table begins where the title does; one in a frame of its own keeps a distance from that.
    MuiTableContainer: {
      styleOverrides: {
        root: {
          '&:not(.MuiPaper-root)': {
            // The first cell of a row, be it th or td: Emotion warns of `:first-child`.
            '& tr > :not(* + *)': { paddingLeft: 0 },
            '& tr > :last-child': { paddingRight: 0 },
          },
        },
      },
    },
    MuiTooltip: { defaultProps: { describeChild: true } },
  },
});
