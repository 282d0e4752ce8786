import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
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

const account = createRoute({
  getParentRoute: () => plain,
  path: '/console/account',
  component: lazyRouteComponent(() => import('../account/account-page.tsx'), 'AccountPage'),
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
  async beforeLoad({ params: { org } }) {
    const known = await queryClient.ensureQueryData(organizationsQuery);
    const isOwner = known.some(({ orgname, user_role }) => orgname === org && user_role.toLowerCase() === 'owner');
    throw redirect({ to: `/console/o/$org/${isOwner ? 'overview' : 'image-access'}`, params: { org }, replace: true });
  },
});

/** Filters and the page of a list, as the address has them. Each page reads what it knows. */
export type ListSearch = Readonly<Record<string, string | number | boolean>>;

function listSearch(search: Record<string, unknown>): ListSearch {
  const plainValues = Object.entries(search).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(plainValues) as ListSearch;
}

function page<Path extends string>(path: Path, component: RouteComponent) {
  return createRoute({ getParentRoute: () => organization, path, validateSearch: listSearch, component });
}

const organizationPages = [
  page(
    'overview',
    lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
  ),
  page(
    'image-access',
    lazyRouteComponent(() => import('../image-access/image-access-page.tsx'), 'ImageAccessPage'),
  ),
  page(
    'registry-access',
    lazyRouteComponent(() => import('../registry-access/registry-access-page.tsx'), 'RegistryAccessPage'),
  ),
  page(
    'members',
    lazyRouteComponent(() => import('../members/members-page.tsx'), 'MembersPage'),
  ),
  page(
    'teams',
    lazyRouteComponent(() => import('../teams/teams-page.tsx'), 'TeamsPage'),
  ),
  page(
    'access-tokens',
    lazyRouteComponent(() => import('../access-tokens/access-tokens-page.tsx'), 'AccessTokensPage'),
  ),
  page(
    'namespaces',
    lazyRouteComponent(() => import('../namespaces/namespaces-page.tsx'), 'NamespacesPage'),
  ),
  page(
    'single-sign-on',
    lazyRouteComponent(() => import('../single-sign-on/single-sign-on-page.tsx'), 'SingleSignOnPage'),
  ),
  page(
    'sign-in',
    lazyRouteComponent(() => import('../sign-in-enforcement/sign-in-enforcement-page.tsx'), 'SignInEnforcementPage'),
  ),
  page(
    'activity',
    lazyRouteComponent(() => import('../activity/activity-page.tsx'), 'ActivityPage'),
  ),
  page(
    'pulls',
    lazyRouteComponent(() => import('../pulls/pulls-page.tsx'), 'PullsPage'),
  ),
];

const routeTree = root.addChildren([
  signIn,
  setUp,
  invitation,
  signedIn.addChildren([
    plain.addChildren([organizations, account, decision]),
    organization.addChildren([start, ...organizationPages]),
  ]),
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
