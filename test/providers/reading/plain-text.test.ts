import { plainText, unquoted } from '../../../providers/reading/plain-text';

describe('the readable text of a message', () => {
  it.each([
    ['plain text stays', 'Hello,\n  1 < 2 and 3 > 2', 'Hello,\n  1 < 2 and 3 > 2'],
    ['an address is no tag', 'Anna <anna@growth.example>\nwrote', 'Anna <anna@growth.example>\nwrote'],
    ['a link is no tag', 'See <https://growth.example/a>\nbye', 'See <https://growth.example/a>\nbye'],
    ['lines', 'one<br>two<br/>three<div>four</div>', 'one\ntwo\nthree\nfour'],
    ['entities', '<p>I&#39;m &lt;away&gt;&nbsp;&amp; &quot;out&quot; &eacute;&hellip;</p>', 'I\'m <away> & "out" é…'],
    ['curly apostrophes', '<p>don&rsquo;t, don’t</p>', "don't, don't"],
    ['style and script are not read', '<head><title>t</title></head><style>p{}</style><p>a</p><script>b</script>', 'a'],
    ['a heading keeps its case', '<h1>Away until May</h1>', 'Away until May'],
    [
      'a link shows its words',
      '<p>See <a href="https://growth.example">this</a> <img alt="logo" src="x"></p>',
      'See this',
    ],
    ['a > inside an attribute', '<p title="a > b">text</p>', 'text'],
    ['cells', '<table><tr><td>left</td></tr><tr><td>right</td></tr></table>', 'left\nright'],
  ])('%s', (_what, content, text) => {
    expect(plainText(content)).toBe(text);
  });

  it('is read quickly from a mail of a million nested tags, too', () => {
    const began = performance.now();
    expect(plainText(`<p>here</p>${'<div>'.repeat(1_000_000)}`)).toBe('here');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('what the sender wrote themselves', () => {
  const said = (content: string): string => unquoted(plainText(content)).replace(/\n+/g, '\n');
  it.each([
    ['above a quote', 'Yes.\n\nOn Mon, 2 Mar 2026, Anna wrote:\n> interested?\n> Anna', 'Yes.'],
    ['above a quote without signs', 'No thanks.\n\nOn Mon, 2 Mar 2026, Anna wrote:\n\nYou were away.', 'No thanks.'],
    ['above a broken attribution', 'Yes.\n\nOn Mon, 2 Mar 2026, Anna\n<anna@growth.example> wrote:\n\n> hi', 'Yes.'],
    ['above a header', 'Fine.\n\nFrom: Anna <anna@growth.example>\nSent: Monday\n\nYou were away.', 'Fine.'],
    ['above a header without an address', 'Fine.\n\nFrom: Anna Reid\nSent: Monday\n\nYou were away.', 'Fine.'],
    ['above a rule', 'Fine.\r\n-----Original Message-----\r\nYou were away.', 'Fine.'],
    ['above a line', 'Fine.\n________________________________\nFrom: Anna\nYou were away.', 'Fine.'],
    ['below a quote', '> interested?\n\nNot interested.', 'Not interested.'],
    [
      'below an attributed quote',
      'On Mon, 2 Mar 2026, Anna wrote:\n> interested?\n\nNot interested.',
      'Not interested.',
    ],
    ['between quotes', 'Hi,\nOn Mon, Anna wrote:\n> interested?\nNo.\n> A call?\nNever.\n> Anna', 'Hi,\nNo.\nNever.'],
    ['between quotes, then a header', '> a?\nNo.\n> b\nFrom: Anna <anna@growth.example>\nAway.', 'No.'],
    [
      'a sentence that begins like a header',
      'From: now on, write to me.\nThanks',
      'From: now on, write to me.\nThanks',
    ],
    ['above a blockquote', '<p>Yes.</p><blockquote><p>interested?</p></blockquote>', 'Yes.'],
    ['between blockquotes', '<blockquote>a?</blockquote> my answer <blockquote>b</blockquote>', 'my answer'],
    [
      'between blockquotes that one attribution announces',
      '<div><div>On Mon, 2 Mar 2026, Anna wrote:<br></div><blockquote>a?</blockquote>' +
        '<div>No.</div><blockquote>b?<blockquote>c</blockquote></blockquote><div>Never.</div></div>',
      'No.\nNever.',
    ],
    [
      'above a header in HTML',
      '<p>Fine.</p><hr><p><b>From:</b> Anna Reid<br><b>Sent:</b> Monday</p><p>Away.</p>',
      'Fine.',
    ],
    ['nothing', '', ''],
  ])('%s', (_where, content, answer) => {
    expect(said(content)).toBe(answer);
  });
});
