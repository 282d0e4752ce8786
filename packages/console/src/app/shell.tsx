import AccountCircleIcon from '@mui/icons-material/AccountCircle';
import DarkModeIcon from '@mui/icons-material/DarkMode';
import LightModeIcon from '@mui/icons-material/LightMode';
import MenuIcon from '@mui/icons-material/Menu';
import AppBar from '@mui/material/AppBar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Link from '@mui/material/Link';
import { useColorScheme } from '@mui/material/styles';
import Toolbar from '@mui/material/Toolbar';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link as RouterLink } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { callerQuery } from './queries.ts';
import { signOut } from './sign-out.ts';

const navigationWidth = 232;

interface ShellProps {
  /** Beside the content on wide screens, behind a button on narrow ones. */
  readonly navigation?: ReactNode;
  readonly children: ReactNode;
}

/** What is around every page of somebody who is signed in. */
export function Shell({ navigation, children }: ShellProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { data: caller } = useSuspenseQuery(callerQuery);
  return (
    <Box sx={{ display: 'flex', minHeight: '100vh' }}>
      <SkipLink />
      <AppBar
        position="fixed"
        color="inherit"
        elevation={0}
        sx={{ border: 0, borderBottom: 1, borderColor: 'divider', zIndex: (theme) => theme.zIndex.drawer + 1 }}
      >
        <Toolbar sx={{ gap: 1 }}>
          {navigation !== undefined && (
            <IconButton
              edge="start"
              aria-label={isOpen ? 'Close navigation' : 'Open navigation'}
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
              sx={{ display: { md: 'none' } }}
            >
              <MenuIcon />
            </IconButton>
          )}
          <Typography
            component={RouterLink}
            to="/console"
            variant="h2"
            sx={{ color: 'inherit', textDecoration: 'none' }}
          >
            Pullgate
          </Typography>
          <Box sx={{ flex: 1 }} />
          <SchemeButton />
          <Button
            color="inherit"
            component={RouterLink}
            to="/console/account"
            sx={{ display: { xs: 'none', sm: 'inline-flex' } }}
          >
            {caller.username}
          </Button>
          <IconButton
            color="inherit"
            component={RouterLink}
            to="/console/account"
            aria-label={caller.username}
            sx={{ display: { sm: 'none' } }}
          >
            <AccountCircleIcon />
          </IconButton>
          <Button color="inherit" onClick={() => void signOut()} sx={{ whiteSpace: 'nowrap' }}>
            Sign out
          </Button>
        </Toolbar>
      </AppBar>
      {navigation !== undefined && (
        <Box component="nav" aria-label="Organization" sx={{ width: { md: navigationWidth }, flexShrink: 0 }}>
          <Drawer
            open={isOpen}
            onClose={() => setIsOpen(false)}
            onClick={() => setIsOpen(false)}
            sx={{ display: { xs: 'block', md: 'none' }, '& .MuiDrawer-paper': { width: navigationWidth } }}
          >
            <Toolbar />
            {navigation}
          </Drawer>
          <Drawer
            variant="permanent"
            sx={{
              display: { xs: 'none', md: 'block' },
              '& .MuiDrawer-paper': {
                width: navigationWidth,
                bgcolor: 'background.default',
                border: 0,
                borderRight: 1,
                borderColor: 'divider',
              },
            }}
          >
            <Toolbar />
            {navigation}
          </Drawer>
        </Box>
      )}
      <Box
        component="main"
        id="content"
        tabIndex={-1}
        sx={{ flex: 1, minWidth: 0, p: { xs: 2, sm: 3 }, outline: 'none' }}
      >
        <Toolbar />
        {children}
      </Box>
    </Box>
  );
}

/** The first stop of the Tab key: past the navigation. */
function SkipLink() {
  return (
    <Link
      href="#content"
      sx={{
        position: 'fixed',
        top: 8,
        left: -9999,
        zIndex: 2000,
        p: 1,
        bgcolor: 'background.paper',
        '&:focus': { left: 8 },
      }}
    >
      Skip to content
    </Link>
  );
}

function SchemeButton() {
  const { mode, systemMode, setMode } = useColorScheme();
  const isDark = (mode === 'system' ? systemMode : mode) === 'dark';
  const title = isDark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip title={title}>
      <IconButton aria-label={title} onClick={() => setMode(isDark ? 'light' : 'dark')}>
        {isDark ? <LightModeIcon /> : <DarkModeIcon />}
      </IconButton>
    </Tooltip>
  );
}
