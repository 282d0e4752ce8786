import { alternate, median, type Row } from './bench.ts';
import { clientHeaders, official, openWorld, tokenTarget } from './world.ts';

export const tokenRow: Row = {
  name: 'token',
  about: 'registry tokens for a personal access token',

  async measure(bench) {
    await using world = await openWorld(bench, { images: [] });
    const order = {
      port: world.gate.port,
      target: tokenTarget(official),
      headers: { ...clientHeaders, Authorization: world.basic },
      connections: 32,
      until: { milliseconds: bench.quick ? 700 : 1500 },
    };
    const perSecond = async (): Promise<number> => {
      const { answers, seconds } = await bench.load(order);
      return answers / seconds;
    };
    await perSecond();
    const samples = await alternate(bench, bench.quick ? 3 : 5, { gate: perSecond });
    return [
      {
        name: 'tokens by personal access token',
        unit: '/s',
        target: { atLeast: 5000 },
        measured: median(samples.gate),
        detail: `${order.connections} connections`,
        samples,
      },
    ];
  },
};
