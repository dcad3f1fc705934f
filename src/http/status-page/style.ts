import { Html } from './html.ts';

/** The page's only style sheet, allowed by its hash. Contrasts are WCAG AA or better in both schemes. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #f4f5f7; --card: #fff; --text: #1a1d21; --muted: #4a525d; --line: #c9ced6; --code: #eef0f3;
  --critical: #a81e16; --warning: #7d4a00; --info: #0b559f; --ok: #14632d; --unknown: #4a525d; --on: #fff; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14171b; --card: #1e2228; --text: #e9ebee; --muted: #b3bac4; --line: #3a414b; --code: #12151a;
  --critical: #ff8f85; --warning: #ffc36b; --info: #8fbcff; --ok: #84d79f; --unknown: #b3bac4; --on: #14171b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding-bottom: 0; }
h1 { font-size: 1.1rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--info); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--info); outline-offset: 2px; }
.muted, .axis, figcaption, dt { color: var(--muted); font-size: .9rem; }
.verdict { margin: .5rem 0 0; padding: 1rem 1.25rem; border-radius: .5rem; color: var(--on); font-size: 1.35rem; font-weight: 600; }
.verdict.critical, .badge.critical { background: var(--critical); }
.verdict.warning, .badge.warning { background: var(--warning); }
.verdict.info, .badge.info { background: var(--info); }
.verdict.ok, .badge.ok { background: var(--ok); }
.verdict.unknown { background: var(--unknown); }
.badge { display: inline-block; padding: 0 .5rem; margin-right: .5rem; border-radius: .25rem; color: var(--on); font-size: .8rem; font-weight: 600; line-height: 1.6; }
article, .card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; margin: 0 0 1rem; }
article { border-left: .4rem solid var(--line); }
article.critical { border-left-color: var(--critical); }
article.warning { border-left-color: var(--warning); }
article.info { border-left-color: var(--info); }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .25rem; padding: .5rem .75rem; margin: .4rem 0; font: .9rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
figure { margin: .75rem 0; }
svg { display: block; width: 100%; height: 3.5rem; border-bottom: 1px solid var(--line); }
svg path { fill: var(--critical); }
.axis { display: flex; justify-content: space-between; margin: 0; }
summary { cursor: pointer; font-weight: 600; }
ul.checks { list-style: none; padding-block: .5rem; }
ul.checks li { padding: .35rem 0; border-top: 1px solid var(--line); }
ul.checks li:first-child { border-top: 0; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; }
th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-top: 1px solid var(--line); vertical-align: top; font-size: .95rem; }
footer ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
#stale { color: var(--critical); font-weight: 600; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } .verdict { font-size: 1.15rem; } }
`;

export const STYLE_ELEMENT = Html.ofTrusted(`<style>${STYLE}</style>`);
