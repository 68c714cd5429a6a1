import { createHash } from 'node:crypto';

/** The look of a report: light and dark, narrow and wide, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--page:#f4f6f5;--ink:#14211c;--soft:#5b6963;--line:#d9e0dc;--main:#0b7a53;--pale:#b9dccc;--warn:#9a5b00;--bad:#b3261e;--band:#0b7a5326}
@media (prefers-color-scheme:dark){:root{--paper:#17201c;--page:#0e1512;--ink:#e8efeb;--soft:#9fb0a8;--line:#2c3a33;--main:#3fcf98;--pale:#1f5a43;--warn:#f0b45a;--bad:#ff8a80;--band:#3fcf9830}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.3rem;margin:28px 0 8px}h3{font-size:1.05rem;margin:20px 0 4px}
.lead{font-size:1.05rem;margin:0 0 14px}.lead.first{font-size:1.25rem;line-height:1.4;font-weight:550;border-left:4px solid var(--main);padding-left:14px;margin:0 0 20px}
.note.under{margin:-8px 0 16px}.second{border-top:2px solid var(--line);margin-top:40px}
.meta{color:var(--soft);margin:0 0 16px;display:flex;flex-wrap:wrap;gap:4px 20px}
.banner{background:var(--pale);border-radius:10px;padding:10px 14px;margin:0 0 16px}
.cards,.charts{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,220px),1fr));margin:0 0 16px}
.charts{grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr))}
.card,figure,section.box{background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:16px;margin:0}
section.box{margin:0 0 16px}
.card h4{margin:0 0 6px;color:var(--soft);font-weight:500;font-size:.9rem}
.big{font-size:1.9rem;font-weight:650;line-height:1.15;font-variant-numeric:tabular-nums}
.note{color:var(--soft);font-size:.9rem;margin:4px 0 0}
.good{color:var(--main)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.none{color:var(--soft)}
progress{width:100%;height:10px;accent-color:var(--main);margin-top:10px}
.chart{width:100%;height:auto;display:block}
.chart text{fill:var(--soft);font-size:12px;font-family:inherit}
.chart .name{fill:var(--ink)}
.grid{stroke:var(--line);stroke-width:1}
.line,.dot.outbound{stroke:var(--main)}.line.inbound{stroke:var(--ink)}.line.outbound{stroke-dasharray:1 0}.dot.inbound{fill:var(--ink)}.dot.outbound{fill:var(--main)}
.line{fill:none;stroke-width:2.5;stroke-linejoin:round}
.goal{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 4}
.band{fill:var(--band)}.median{stroke:var(--main);stroke-width:1.5;stroke-dasharray:2 3}
.bar,.bar2{stroke:var(--main);stroke-width:.8}.bar{fill:var(--main)}.bar2{fill:var(--pale)}.legend svg{overflow:visible}
figcaption{font-weight:600;margin:0 0 4px}
.legend{display:flex;gap:6px 16px;flex-wrap:wrap;list-style:none;padding:0;margin:4px 0;color:var(--soft);font-size:.85rem}
.legend svg{width:12px;height:12px;vertical-align:-1px;margin-right:6px}
details{margin-top:8px;font-size:.85rem}summary{cursor:pointer;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:0 0 8px;font-size:1.05rem}
details caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;padding:6px 12px 6px 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
th{overflow-wrap:normal}
details td{white-space:nowrap}
.gates{table-layout:fixed}.gates td{overflow-wrap:anywhere}
.gates th:nth-child(1){width:16%}.gates th:nth-child(2),.gates th:nth-child(3){width:13%}.gates th:nth-child(6){width:26%}
th{color:var(--soft);font-weight:500}
.tag{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 9px;font-size:.8rem;white-space:nowrap}
.figures td:nth-child(n+2),.figures th:nth-child(n+2){text-align:right;white-space:nowrap}.figures .note{display:block;margin:0;font-size:.82rem}
@media screen and (max-width:700px){
.stack,.stack caption,.stack tbody,.stack td{display:block}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{display:flex;flex-wrap:wrap;gap:5px 16px;border-top:1px solid var(--line);padding:10px 0}
.stack td{border:0;padding:0;flex:1 0 100%}
.stack td:nth-child(1){font-weight:600}.gates td:nth-child(2),.gates td:nth-child(3){flex:0 1 auto}
.stack td:empty,.gates td:nth-child(n+4):has(.none){display:none}
.stack td:nth-child(n+2)::before{content:attr(data-head) ": ";color:var(--soft)}
.chart text{font-size:15px}
}
@page{size:A4;margin:12mm}
@media print{
:root{--paper:#fff;--page:#fff;--ink:#000;--soft:#444;--line:#bbb;--main:#0b7a53;--pale:#b9dccc;--warn:#7a4800;--bad:#9c1c14;--band:#0b7a5322}
body{font-size:10pt}main{max-width:none;padding:1px}h1{font-size:15pt}.meta,.banner,.cards,.charts,section.box{margin-bottom:10px}.banner{padding:6px 10px}
.card h4,.note,.legend,.meta{font-size:8.5pt}.lead{font-size:9.5pt;margin:0 0 8px}.lead.first{font-size:12pt;margin:0 0 10px}.figures .note{font-size:7.5pt;display:inline}.status{break-inside:avoid}.card .note,.note.under{font-size:7.5pt}.note.under{margin:-6px 0 6px}.number{margin:0 0 10px}.second{break-before:page;border:0;margin:0}.number+.number{break-before:page}h2{font-size:13pt;margin:8px 0}h3{font-size:11pt;margin:8px 0 4px}h2,h3{break-after:avoid}.cards,.charts{gap:10px}
.card,figure,section.box{break-inside:avoid;border-radius:6px;padding:10px}
section.box:has(.gates){break-inside:auto}tr{break-inside:avoid}caption{break-after:avoid}.scroll{overflow:visible}
table{font-size:8.5pt;line-height:1.35}th,td{padding:4px 8px 4px 0}.tag{font-size:7pt;padding:0 5px}.gates th:nth-child(2),.gates th:nth-child(3){width:14%}
.cards{grid-template-columns:repeat(4,1fr)}.charts{grid-template-columns:1fr 1fr 1fr}
details{display:none}.big{font-size:1.4rem}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;

/** Lets the page use its own style and nothing else: no script, no picture, nothing from elsewhere. */
export const PAGE_SECURITY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
