import { type LoadOrder, type Measured, runLoad } from '../load.ts';
import { answerParent } from './parent.ts';

answerParent<LoadOrder, Measured>(runLoad);
