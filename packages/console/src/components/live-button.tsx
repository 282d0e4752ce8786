import PauseIcon from '@mui/icons-material/Pause';
import PlayArrowIcon from '@mui/icons-material/PlayArrow';
import Button from '@mui/material/Button';
import { useState } from 'react';

/** Between two looks for what is new, in milliseconds. */
const pause = 3000;

export interface Live {
  readonly isOn: boolean;
  readonly toggle: () => void;
  /** For a query: milliseconds until it asks again, or never. */
  readonly interval: number | false;
}

/** Whether a list of what is newest follows what comes in. @param canFollow false on pages of what is older */
export function useLive(canFollow: boolean): Live {
  const [isWanted, setIsWanted] = useState(true);
  const isOn = isWanted && canFollow;
  return { isOn, toggle: () => setIsWanted(!isWanted), interval: isOn ? pause : false };
}

/** Only where there is something to follow. */
export function LiveButton({ live: { isOn, toggle } }: { readonly live: Live }) {
  return (
    <Button variant="outlined" onClick={toggle} startIcon={isOn ? <PauseIcon /> : <PlayArrowIcon />}>
      {isOn ? 'Pause live' : 'Follow live'}
    </Button>
  );
}
