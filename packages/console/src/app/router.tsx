import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { isSignedOut } from './client.ts';
import { Failure, NotFound } from './failure.tsx';
import { Loading } from './loading.tsx';
import { OrganizationNavigation } from './organization-navigation.tsx';
import { callerQuery, organizationsQuery, queryClient } from './queries.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/console/sign-in',
  validateSearch: (search): { readonly next?: string } => {
    // Only a page of this console: anything else would make it a way to send people elsewhere.
    const { next } = search;
    return typeof next === 'string' && next.startsWith('/console') ? { next } : {};
  },
  component: lazyRouteComponent(() => import('../sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/console/set-up',
  component: lazyRouteComponent(() => import('../set-up/set-up-page.tsx'), 'SetUpPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/console/invitation',
  component: lazyRouteComponent(() => import('../invitation/invitation-page.tsx'), 'InvitationPage'),
});

/** Everything that needs somebody signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  async beforeLoad({ location }) {
    try {
      await Promise.all([queryClient.ensureQueryData(callerQuery), queryClient.ensureQueryData(organizationsQuery)]);
    } catch (error) {
      if (isSignedOut(error)) throw redirect({ to: '/console/sign-in', search: { next: location.href } });
      throw error;
    }
  },
  component: Outlet,
});

const plain = createRoute({
  getParentRoute: () => signedIn,
  id: 'plain',
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
});

const organizations = createRoute({
  getParentRoute: () => plain,
  path: '/console',
  async beforeLoad() {
    const [only, ...others] = await queryClient.ensureQueryData(organizationsQuery);
    if (only && others.length === 0) throw redirect({ to: '/console/o/$org', params: { org: only.orgname } });
  },
  component: lazyRouteComponent(() => import('../organizations/organizations-page.tsx'), 'OrganizationsPage'),
});

const decision = createRoute({
  getParentRoute: () => plain,
  path: '/console/decisions/$id',
  component: lazyRouteComponent(() => import('../decision/decision-page.tsx'), 'DecisionPage'),
});

const organization = createRoute({
  getParentRoute: () => signedIn,
  path: '/console/o/$org',
  async beforeLoad({ params: { org } }) {
    const known = await queryClient.ensureQueryData(organizationsQuery);
    if (!known.some(({ orgname }) => orgname === org)) throw redirect({ to: '/console' });
  },
  component: () => (
    <Shell navigation={<OrganizationNavigation />}>
      <Outlet />
    </Shell>
  ),
});

const start = createRoute({
  getParentRoute: () => organization,
  path: '/',
  beforeLoad({ params: { org } }) {
    throw redirect({ to: '/console/o/$org/image-access', params: { org }, replace: true });
  },
});

const imageAccess = createRoute({
  getParentRoute: () => organization,
  path: 'image-access',
  component: lazyRouteComponent(() => import('../image-access/image-access-page.tsx'), 'ImageAccessPage'),
});

const routeTree = root.addChildren([
  signIn,
  setUp,
  invitation,
  signedIn.addChildren([plain.addChildren([organizations, decision]), organization.addChildren([start, imageAccess])]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: Failure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
