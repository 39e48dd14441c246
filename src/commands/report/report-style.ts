/** Of the one page that is a report: legible in light, in dark and on paper, without a font or a file of its own. */
export const reportStyle = `
:root{--ink:#1b1f24;--dim:#5b6470;--line:#d5dae1;--paper:#fff;--soft:#f5f7f9;--error:#b3261e;--warning:#9a6200;--note:#44546a;--ok:#1d7a3e;
--c0:#2563a8;--c1:#b5521b;--c2:#2f8f6b;--c3:#8a4fa8;--c4:#a8872a;--c5:#6b7280}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--dim:#9aa4b2;--line:#39424e;--paper:#14181d;--soft:#1c2229;--error:#ff8a80;--warning:#f2b64b;--note:#a9b8cc;--ok:#6fce93;
--c0:#7fb2ee;--c1:#f09a63;--c2:#72d2ac;--c3:#cfa0e6;--c4:#e0c46a;--c5:#a5adba}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{font-size:1rem;margin:0 0 .25rem}
p,ul,ol,dl{margin:.35rem 0}ul,ol{padding-left:1.3rem}.small{color:var(--dim);font-size:.87rem}
.verdict{font-size:1.1rem;font-weight:600}.verdict.error,.error h3{color:var(--error)}.verdict.warning,.warning h3{color:var(--warning)}.verdict.ok{color:var(--ok)}.verdict.unknown,.verdict.progress{color:var(--note)}
article{margin:1rem 0;padding:.6rem .9rem;border-left:4px solid var(--line);background:var(--soft);break-inside:avoid}
article.error{border-color:var(--error)}article.warning{border-color:var(--warning)}article.note{border-color:var(--note)}
.next::before{content:"→ "}
figure{margin:1rem 0;padding:.6rem .9rem;border:1px solid var(--line);break-inside:avoid}figure.empty{border-style:dashed}.chart{overflow-x:auto}.chart svg{min-width:34rem}figcaption{margin-bottom:.4rem}
svg{display:block;width:100%;height:auto;font:12px system-ui,sans-serif}
.grid{stroke:var(--line);stroke-width:1}.axis{fill:var(--dim);font-size:11px}.label{fill:var(--ink)}.line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}.dot{fill:currentColor}.bar{fill:currentColor}
.span.error{fill:var(--error)}.span.warning{fill:var(--warning)}.span.note{fill:var(--note)}.mark{stroke:var(--ink);stroke-width:1.5;fill:none}
.c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;font-size:.87rem}.key{display:inline-block;width:.8rem;height:.2rem;margin-right:.35rem;vertical-align:middle;background:currentColor}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line)}th{color:var(--dim);font-weight:600;white-space:nowrap}td{min-width:6rem}
pre{white-space:pre-wrap;background:var(--paper);border:1px solid var(--line);padding:.5rem;font-size:.85rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{color:var(--dim)}dd{margin:0}
@media print{body{max-width:none;padding:0;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}.wide,.chart{overflow:visible}.chart svg,td{min-width:0}}
`.replaceAll('\n', '');
