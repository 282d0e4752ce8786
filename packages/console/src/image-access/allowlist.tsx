import DeleteIcon from '@mui/icons-material/Delete';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import IconButton from '@mui/material/IconButton';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Pagination from '@mui/material/Pagination';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ImageAccessPolicyBody } from '@pullgate/contract';
import { parseImageReference } from '@pullgate/policy';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, messageOf } from '../app/client.ts';
import { itemsOfPage, pageWithin } from '../components/page-number.ts';
import { SearchedList } from '../components/searched-list.tsx';
import { useSearchedPage } from '../components/use-searched-page.ts';
import { useSettled } from '../components/use-settled.ts';
import { categoryNames } from './category-names.ts';

type AllowlistBody = ImageAccessPolicyBody['allowlist'];

interface AllowlistProps {
  readonly policy: ImageAccessPolicyBody;
  readonly isReadOnly: boolean;
  readonly onChange: (allowlist: AllowlistBody) => void;
}

const pageSize = 20;

export function Allowlist({ policy: { allowlist }, isReadOnly, onChange }: AllowlistProps) {
  const { enabled, repositories } = allowlist;
  // Of the draft, which no address keeps.
  const [search, setSearch] = useState('');
  const set = (next: readonly string[]) => onChange({ ...allowlist, repositories: [...next].sort() });

  function add(name: string): void {
    set([...repositories, name]);
    // A search might hide it.
    setSearch('');
  }

  return (
    <Stack spacing={2} useFlexGap>
      <FormControlLabel
        control={
          <Switch
            checked={enabled}
            disabled={isReadOnly}
            onChange={(_, on) => onChange({ ...allowlist, enabled: on })}
          />
        }
        label={enabled ? 'On' : 'Off: the list below has no effect'}
      />
      {!isReadOnly && <AddRepository known={repositories} onAdd={add} />}
      <Repositories
        repositories={repositories}
        search={search}
        onSearch={setSearch}
        {...(!isReadOnly && { onRemove: (name: string) => set(repositories.filter((one) => one !== name)) })}
      />
    </Stack>
  );
}

/** What is typed, read as `docker pull` reads it. */
function read(text: string): { readonly name: string } | { readonly problem: string } | undefined {
  if (text.trim() === '') return undefined;
  try {
    return { name: parseImageReference(text.trim()).repository.name };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function AddRepository({
  known,
  onAdd,
}: {
  readonly known: readonly string[];
  readonly onAdd: (name: string) => void;
}) {
  const [text, setText] = useState('');
  const parsed = read(text);
  const name = parsed && 'name' in parsed ? parsed.name : undefined;
  const settled = useSettled(name);
  const isKnown = name !== undefined && known.includes(name);
  const problem = parsed && 'problem' in parsed ? parsed.problem : isKnown ? 'It is on the list already.' : undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name === undefined || isKnown) return;
    onAdd(name);
    setText('');
  }

  return (
    <Stack
      component="form"
      direction="row"
      onSubmit={submit}
      sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'flex-start' }}
    >
      <TextField
        size="small"
        label="Repository"
        placeholder="bitnami/redis"
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={problem !== undefined}
        helperText={
          problem ??
          (name === undefined ? (
            'Without a tag: all its tags are allowed.'
          ) : (
            <Found name={name} isSettled={settled === name} />
          ))
        }
        sx={{ flex: '1 1 260px' }}
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
      />
      <Button type="submit" variant="outlined" disabled={name === undefined || isKnown}>
        Add
      </Button>
    </Stack>
  );
}

interface FoundProps {
  readonly name: string;
  /** Nobody types on: the gate may have to ask Docker Hub, and not for each letter. */
  readonly isSettled: boolean;
}

/** The full name of what is typed, and which type of image it is. */
function Found({ name, isSettled }: FoundProps) {
  const slash = name.indexOf('/');
  const params = { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
  const { data } = useQuery({
    queryKey: ['catalog', name],
    queryFn: ({ signal }) => client.getCategory({ params }, { signal }),
    enabled: isSettled,
  });
  return (
    <>
      {name}
      {data && ` · ${categoryNames[data.category]}`}
    </>
  );
}

interface RepositoriesProps {
  readonly repositories: readonly string[];
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly onRemove?: (name: string) => void;
}

function Repositories({ repositories, search, onSearch, onRemove }: RepositoriesProps) {
  const [page, turnTo] = useSearchedPage(search);
  if (repositories.length === 0) return <Typography color="textSecondary">No repository is on the list.</Typography>;
  return (
    <SearchedList
      items={repositories}
      one="repository"
      many="repositories"
      label="Search the allowlist"
      textOf={(name) => name}
      search={search}
      onSearch={onSearch}
    >
      {(found) => {
        const pageCount = Math.ceil(found.length / pageSize);
        const shownPage = pageWithin(page, found.length, pageSize);
        return (
          <Stack spacing={1}>
            <List dense disablePadding>
              {itemsOfPage(found, shownPage, pageSize).map((name) => (
                <ListItem
                  key={name}
                  divider
                  disableGutters
                  secondaryAction={
                    onRemove && (
                      <IconButton edge="end" aria-label={`Remove ${name}`} onClick={() => onRemove(name)}>
                        <DeleteIcon />
                      </IconButton>
                    )
                  }
                >
                  <ListItemText primary={name} sx={{ overflowWrap: 'anywhere' }} />
                </ListItem>
              ))}
            </List>
            {pageCount > 1 && <Pagination count={pageCount} page={shownPage} onChange={(_, next) => turnTo(next)} />}
          </Stack>
        );
      }}
    </SearchedList>
  );
}
