import { describe } from 'vitest';
import { storeContract } from './contract.ts';
import { openTestDatabase } from './test-database.ts';

describe('stores', () => storeContract(openTestDatabase));
