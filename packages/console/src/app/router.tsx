import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { parseAccessTokensSearch } from '../access-tokens/access-tokens-search.ts';
import { parseAccountSearch } from '../account/account-search.ts';
import { parseActivitySearch } from '../activity/activity-search.ts';
import { parseTextSearch } from '../components/text-search.ts';
import { parseImageAccessSearch } from '../image-access/image-access-search.ts';
import { parseMembersSearch } from '../members/members-search.ts';
import { parseOrganizationsSearch } from '../organizations/organizations-search.ts';
import { parseOverviewSearch } from '../overview/overview-search.ts';
import { parsePullsSearch } from '../pulls/pulls-search.ts';
import { parseSignInSearch } from '../sign-in/sign-in-search.ts';
import { parseSingleSignOnSearch } from '../single-sign-on/single-sign-on-search.ts';
import { parseTeamsSearch } from '../teams/teams-search.ts';
import { isSignedOut } from './client.ts';
import { Failure, NotFound } from './failure.tsx';
import { Loading } from './loading.tsx';
import { membershipIn } from './membership.ts';
import { OrganizationNavigation } from './organization-navigation.tsx';
import { callerQuery, organizationsQuery, queryClient } from './queries.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/console/sign-in',
  validateSearch: parseSignInSearch,
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

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/console/reset-password',
  component: lazyRouteComponent(() => import('../reset-password/reset-password-page.tsx'), 'ResetPasswordPage'),
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
  validateSearch: parseOrganizationsSearch,
  async beforeLoad({ search: { all = false } }) {
    const [only, ...others] = await queryClient.ensureQueryData(organizationsQuery);
    if (only && others.length === 0 && !all) throw redirect({ to: '/console/o/$org', params: { org: only.orgname } });
  },
  component: lazyRouteComponent(() => import('../organizations/organizations-page.tsx'), 'OrganizationsPage'),
});

const decision = createRoute({
  getParentRoute: () => plain,
  path: '/console/decisions/$id',
  component: lazyRouteComponent(() => import('../decision/decision-page.tsx'), 'DecisionPage'),
});

const account = createRoute({
  getParentRoute: () => plain,
  path: '/console/account',
  validateSearch: parseAccountSearch,
  component: lazyRouteComponent(() => import('../account/account-page.tsx'), 'AccountPage'),
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
    const { role } = membershipIn(await queryClient.ensureQueryData(organizationsQuery), org);
    const to = role === 'owner' ? '/console/o/$org/overview' : '/console/o/$org/image-access';
    throw redirect({ to, params: { org }, replace: true });
  },
});

const imageAccess = createRoute({
  getParentRoute: () => organization,
  path: 'image-access',
  validateSearch: parseImageAccessSearch,
  component: lazyRouteComponent(() => import('../image-access/image-access-page.tsx'), 'ImageAccessPage'),
});

const overview = createRoute({
  getParentRoute: () => organization,
  path: 'overview',
  validateSearch: parseOverviewSearch,
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
});

const registryAccess = createRoute({
  getParentRoute: () => organization,
  path: 'registry-access',
  validateSearch: parseTextSearch,
  component: lazyRouteComponent(() => import('../registry-access/registry-access-page.tsx'), 'RegistryAccessPage'),
});

const members = createRoute({
  getParentRoute: () => organization,
  path: 'members',
  validateSearch: parseMembersSearch,
  component: lazyRouteComponent(() => import('../members/members-page.tsx'), 'MembersPage'),
});

const teams = createRoute({
  getParentRoute: () => organization,
  path: 'teams',
  validateSearch: parseTeamsSearch,
  component: lazyRouteComponent(() => import('../teams/teams-page.tsx'), 'TeamsPage'),
});

const team = createRoute({
  getParentRoute: () => organization,
  path: 'teams/$team',
  validateSearch: parseTeamsSearch,
  component: lazyRouteComponent(() => import('../teams/team-page.tsx'), 'TeamPage'),
});

const accessTokens = createRoute({
  getParentRoute: () => organization,
  path: 'access-tokens',
  validateSearch: parseAccessTokensSearch,
  component: lazyRouteComponent(() => import('../access-tokens/access-tokens-page.tsx'), 'AccessTokensPage'),
});

const namespaces = createRoute({
  getParentRoute: () => organization,
  path: 'namespaces',
  validateSearch: parseTextSearch,
  component: lazyRouteComponent(() => import('../namespaces/namespaces-page.tsx'), 'NamespacesPage'),
});

const singleSignOn = createRoute({
  getParentRoute: () => organization,
  path: 'single-sign-on',
  validateSearch: parseSingleSignOnSearch,
  component: lazyRouteComponent(() => import('../single-sign-on/single-sign-on-page.tsx'), 'SingleSignOnPage'),
});

const signInEnforcement = createRoute({
  getParentRoute: () => organization,
  path: 'sign-in',
  component: lazyRouteComponent(
    () => import('../sign-in-enforcement/sign-in-enforcement-page.tsx'),
    'SignInEnforcementPage',
  ),
});

const activity = createRoute({
  getParentRoute: () => organization,
  path: 'activity',
  validateSearch: parseActivitySearch,
  component: lazyRouteComponent(() => import('../activity/activity-page.tsx'), 'ActivityPage'),
});

const pulls = createRoute({
  getParentRoute: () => organization,
  path: 'pulls',
  validateSearch: parsePullsSearch,
  component: lazyRouteComponent(() => import('../pulls/pulls-page.tsx'), 'PullsPage'),
});

const routeTree = root.addChildren([
  signIn,
  setUp,
  invitation,
  resetPassword,
  signedIn.addChildren([
    plain.addChildren([organizations, decision, account]),
    organization.addChildren([
      start,
      overview,
      imageAccess,
      registryAccess,
      pulls,
      activity,
      members,
      teams,
      team,
      accessTokens,
      namespaces,
      singleSignOn,
      signInEnforcement,
    ]),
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
