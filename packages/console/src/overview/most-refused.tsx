import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { PullStatisticsBody } from '@pullgate/contract';
import type { ReactNode } from 'react';
import { PageLink } from '../components/page-link.tsx';
import { Section } from '../components/section.tsx';
import { categoryNames } from '../image-access/category-names.ts';

interface MostRefusedProps {
  readonly org: string;
  readonly from: Date;
  readonly statistics: PullStatisticsBody;
}

/** What and whom the policy stops most: where to look when people ask for something. */
export function MostRefused({ org, from, statistics }: MostRefusedProps) {
  const { refused_images: images, refused_people: people } = statistics;
  const search = { verdict: 'deny', from: from.toISOString() } as const;
  return (
    <>
      <Section title="Most refused images">
        <Ranking empty="Nothing was refused.">
          {images.map(({ repository, category, refused }) => (
            <Ranked key={repository} count={refused} about={categoryNames[category]}>
              <PageLink to="/console/o/$org/pulls" params={{ org }} search={{ ...search, image: repository }}>
                {repository}
              </PageLink>
            </Ranked>
          ))}
        </Ranking>
      </Section>
      <Section title="Most refused people">
        <Ranking empty="Nobody was refused.">
          {people.map(({ username, refused }) => (
            <Ranked key={username ?? ''} count={refused}>
              {username === null ? (
                'Nobody signed in'
              ) : (
                <PageLink to="/console/o/$org/pulls" params={{ org }} search={{ ...search, person: username }}>
                  {username}
                </PageLink>
              )}
            </Ranked>
          ))}
        </Ranking>
      </Section>
    </>
  );
}

function Ranking({ empty, children }: { readonly empty: string; readonly children: readonly ReactNode[] }) {
  if (children.length === 0) return <Typography color="textSecondary">{empty}</Typography>;
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {children}
    </Box>
  );
}

interface RankedProps {
  readonly count: number;
  readonly about?: string;
  readonly children: ReactNode;
}

function Ranked({ count, about, children }: RankedProps) {
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        gap: 2,
        py: 0.75,
        borderBottom: 1,
        borderColor: 'divider',
        '&:last-child': { borderBottom: 0 },
      }}
    >
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        {children}
        {about !== undefined && (
          <Typography variant="body2" color="textSecondary">
            {about}
          </Typography>
        )}
      </Box>
      <Typography sx={{ fontVariantNumeric: 'tabular-nums' }}>{count.toLocaleString()}</Typography>
    </Box>
  );
}
