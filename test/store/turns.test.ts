import { Turns } from '../../store/turns';

/** Work that says when it begins and ends when it is told to. */
function workFor(turns: Turns, began: string[]) {
  return (key: string, name: string) => {
    let end: (error?: Error) => void = () => undefined;
    const done = turns.take(key, () => {
      began.push(name);
      return new Promise<string>((resolve, reject) => {
        end = (error) => (error === undefined ? resolve(name) : reject(error));
      });
    });
    return { done, end: (error?: Error) => end(error) };
  };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
  it('begins no more of one key than may go on at once, in the order of asking', async () => {
    const began: string[] = [];
    const start = workFor(new Turns(2), began);
    const [one, two, three] = [start('a', 'one'), start('a', 'two'), start('a', 'three')];
    await soon();
    expect(began).toEqual(['one', 'two']);
    two.end();
    await expect(two.done).resolves.toBe('two');
    await soon();
    expect(began).toEqual(['one', 'two', 'three']);
    one.end();
    three.end();
    await expect(Promise.all([one.done, three.done])).resolves.toEqual(['one', 'three']);
  });

  it('lets other keys pass', async () => {
    const began: string[] = [];
    const start = workFor(new Turns(1), began);
    start('a', 'long');
    start('a', 'behind it');
    start('b', 'another');
    await soon();
    expect(began).toEqual(['long', 'another']);
  });

  it('goes on after work that failed', async () => {
    const began: string[] = [];
    const start = workFor(new Turns(1), began);
    const failing = start('a', 'failing');
    const next = start('a', 'next');
    await soon();
    failing.end(new Error('refused'));
    await expect(failing.done).rejects.toThrow('refused');
    await soon();
    expect(began).toEqual(['failing', 'next']);
    next.end();
    await expect(next.done).resolves.toBe('next');
  });
});
