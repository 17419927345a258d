import { DARK, FONT, LIGHT, MONOSPACED, type Palette, diagramStyle } from './draw/style';

/** Returns the style sheet of the page. */
export function pageStyle(): string {
  return `${variables(LIGHT)}@media screen and (prefers-color-scheme:dark){${variables(DARK)}}${diagramStyle()}${LAYOUT}${DIAGRAM}${PANEL}${LIST}${PAPER}`;
}

function variables(palette: Palette): string {
  const set = Object.entries(palette).map(([name, value]) => `--${name}:${value}`);
  return `:root{${set.join(';')}}`;
}

const LAYOUT = `
*{box-sizing:border-box}
[hidden]{display:none!important}
html{height:100%;color-scheme:light dark}
body{margin:0;height:100dvh;display:grid;grid-template:auto minmax(0,1fr) / minmax(0,1fr) auto;background:var(--ground);color:var(--ink);font:14px/1.45 ${FONT}}
header{grid-column:1/-1;background:var(--card);border-bottom:1px solid var(--border);padding:10px 16px 8px;display:grid;grid-template-columns:minmax(0,1fr);gap:8px}
.title{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}
h1{font-size:18px;margin:0}
h2,h3,h4{line-height:1.25}
.title p{margin:0}
.title .note{flex-basis:100%}
.muted{color:var(--muted)}
code{font-family:${MONOSPACED};font-size:.92em;overflow-wrap:anywhere}
.skip,.unseen:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{clip-path:none;width:auto;height:auto;top:6px;left:6px;padding:8px 12px;background:var(--raised);border-radius:6px;z-index:9}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
h2:focus-visible{outline-offset:4px}
.bar{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center}
input,select,button{font:inherit;color:inherit}
input[type=search],select,button{border:1px solid var(--border);border-radius:7px;background:var(--raised);padding:5px 10px;min-height:34px}
button{cursor:pointer}
button:hover,select:hover,.tick:hover{border-color:var(--muted)}
.search{position:relative;flex:1 1 220px;max-width:420px}
.search input{width:100%}
#found{position:absolute;z-index:5;top:calc(100% + 4px);left:0;width:max(100%,320px);max-width:calc(100vw - 32px);max-height:min(420px,60dvh);overflow:auto;margin:0;padding:4px;list-style:none;background:var(--raised);border:1px solid var(--border);border-radius:9px;box-shadow:0 8px 28px #0004}
#found li{display:grid;grid-template-columns:18px minmax(0,1fr);column-gap:8px;padding:5px 8px;border-radius:6px;cursor:pointer}
#found li.none{display:block;cursor:default;color:var(--muted)}
.icon{width:18px;height:18px;flex:none}
#found svg{margin-top:2px}
#found .name{font-weight:600;overflow-wrap:anywhere}
#found .muted{grid-column:2;font-size:12px}
#found [aria-selected=true],#found [role=option]:hover{background:var(--silentTint)}
#found [aria-selected=true]{outline:2px solid var(--focus);outline-offset:-2px}
#matches:empty{display:none}
#filter{align-items:center;display:flex;flex-wrap:wrap;gap:6px;border:0;margin:0;padding:0;min-width:0}
.tick{display:inline-flex;align-items:center;gap:5px;border:1px solid var(--border);border-radius:999px;padding:3px 11px 3px 8px;cursor:pointer;min-height:32px;background:var(--raised)}
.tick:has(:checked){border-color:var(--focus);background:var(--silentTint);font-weight:600}
.tick:has(:focus-visible){outline:3px solid var(--focus);outline-offset:2px}
.tick input{accent-color:var(--focus);margin:0;outline:0}
select{max-width:220px}
.place{display:flex;flex-wrap:wrap;gap:6px 14px;justify-content:space-between;align-items:center}
#trail ol{display:flex;flex-wrap:wrap;gap:4px 2px;align-items:center;margin:0;padding:0;list-style:none}
#trail li:not(:first-child):not(.collapse)::before{content:'›';color:var(--muted);padding:0 6px}
#trail [aria-current]{font-weight:600;overflow-wrap:anywhere}
#trail li:not(.collapse) button{border:0;background:none;padding:0;min-height:24px;text-decoration:underline;text-underline-offset:3px}
#trail .collapse{margin-left:12px}
.tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center}
.tools>*{display:flex;gap:6px;align-items:center}
#zoom{min-width:48px;text-align:center;color:var(--muted);font-variant-numeric:tabular-nums}
#views{gap:0}
#views button:first-child{border-radius:7px 0 0 7px}
#views button:last-child{border-radius:0 7px 7px 0;margin-left:-1px}
#views [aria-pressed=true]{background:var(--ink);color:var(--card);border-color:var(--ink)}
.unread{margin:0;padding:6px 10px;border-left:4px solid var(--broken);background:var(--brokenTint);border-radius:0 6px 6px 0}
.unread ul{margin:4px 0 0;padding-left:18px}
.without-script{grid-column:1/-1;margin:0;padding:8px 16px;background:var(--unknownTint);visibility:hidden;animation:appear 0s 2s forwards}
[data-ready] .without-script{display:none}
@keyframes appear{to{visibility:visible}}
main{min-width:0;min-height:0;display:grid;grid-template:minmax(0,1fr) / minmax(0,1fr);position:relative}
@media (max-width:820px){
.with-panel main{display:none}
body{grid-template-columns:minmax(0,1fr)}
select{max-width:140px}
header{padding:8px 10px;gap:6px}
.title p{font-size:12.5px}
.search{flex-basis:150px}
#filter{flex-wrap:nowrap;overflow-x:auto;flex-basis:100%;padding:3px}
.tick{flex:none}
.with-panel header{display:none}
}
`;

const DIAGRAM = `
#diagram{min-height:0;display:grid;grid-template:minmax(0,1fr) auto auto / minmax(0,1fr)}
#canvas{overflow:auto;display:grid;place-items:safe center;background:var(--ground);cursor:grab;overscroll-behavior:contain}
#canvas.dragged{cursor:grabbing;user-select:none}
#canvas>svg{display:block}
.diagram [data-card]{cursor:pointer;outline:0}
.diagram [data-card] .body{transition:filter .12s}
.diagram [data-card]:hover .body{filter:brightness(.97)}
.diagram [data-card]:focus-visible .body{stroke:var(--focus)!important;stroke-width:4!important;stroke-dasharray:none!important}
.diagram [data-card].selected .body{stroke-width:3.6}
.diagram.filtering .dim{opacity:.25}
.diagram.filtering .edge{opacity:.3}
.diagram .found .body{stroke:var(--focus);stroke-width:3}
.diagram.following .edge:not(.lit){opacity:.22}
.diagram.following .edge.lit .line{stroke-width:3.4}
.diagram.following [data-card]:not(.lit){opacity:.5}
.diagram.following [data-card].group{opacity:.8}
.diagram.following [data-card]:focus-visible{opacity:1}
#legend{border-top:1px solid var(--border);background:var(--card);padding:2px 12px}
#legend summary{cursor:pointer;padding:6px 4px;font-weight:600}
#legend ul{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0;padding:2px 4px 10px;list-style:none;font-size:12.5px}
#legend li{display:flex;align-items:center;gap:8px}
#legend .sign .disc{fill:var(--card)}
#legend .broken .sign .disc{fill:var(--broken)}
#hidden{margin:0;padding:4px 16px;background:var(--unknownTint);color:var(--ink)}
#hidden:empty{display:none}
`;

const PANEL = `
#panel{width:min(460px,38vw);min-width:340px;min-height:0;overflow:auto;overflow-wrap:anywhere;background:var(--card);border-left:1px solid var(--border);padding:16px 18px 28px;position:relative}
@media (max-width:820px){#panel{width:100%;min-width:0;border:0;grid-row:1/-1}}
#panel h2{margin:0 44px 2px 0;font-size:18px}
#panel h3{margin:14px 0 4px;font-size:14px;border-top:1px solid var(--border);padding-top:10px}
#panel h4{margin:12px 0 4px;font-size:13px}
#panel p{margin:4px 0}
#panel ul,#panel ol{margin:4px 0;padding-left:18px}
#panel ul.plain,#panel .calls{list-style:none;padding:0}
#panel .calls li{padding:3px 0}
#panel .close{position:absolute;top:12px;right:12px;min-width:36px}
.state-box{display:flex;gap:7px;align-items:center;border-radius:8px;padding:7px 10px;margin-top:10px!important;background:var(--silentTint)}
.state-box.yes{background:var(--recordsTint)}
.state-box.gap{background:var(--brokenTint);outline:2px dashed var(--broken);outline-offset:-2px}
.state-box.unknown{background:var(--unknownTint)}
.state-box.unsupported{background:var(--unsupportedTint)}
.hint{border-left:4px solid var(--focus);padding-left:10px}
a,button[data-unit]{color:inherit;text-decoration:underline;text-underline-offset:3px;text-decoration-color:var(--muted)}
button[data-unit]{border:0;background:none;padding:2px 0;min-height:24px;font-weight:600;text-align:left;overflow-wrap:anywhere}
a:hover,button[data-unit]:hover{text-decoration-color:currentcolor;text-decoration-thickness:2px}
.permission.missing{color:var(--broken);font-weight:600}
.permission.missing::before{content:'✕ '}
.permission.granted::before{content:'✓ '}
.permission.unknown::before{content:'? '}
.findings li{border-left:4px solid var(--info);padding:2px 0 2px 11px;margin:10px 0}
.findings li.error{border-color:var(--broken)}
.findings li.warning{border-color:var(--warning)}
.findings li.acknowledged{border-color:var(--border);border-left-style:dashed}
.rule{display:flex;flex-wrap:wrap;gap:2px 7px;align-items:center}
.rule svg{width:18px;height:18px}
.broken>.muted:first-of-type{color:var(--broken);font-weight:600}
.share svg{display:block;width:100%;height:8px;margin:4px 0 8px;border-radius:4px}
.share .left{fill:var(--recordsTint)}
.share .daemon{fill:var(--unknown)}
.expected-trace summary{cursor:pointer;font-weight:600;padding:4px 0}
.timeline,.timeline ol{list-style:none;padding:0!important;margin:0!important}
.timeline ol{padding-left:14px!important;border-left:1px solid var(--border)}
.part{display:grid;grid-template-columns:minmax(0,1fr) min(150px,34vw);gap:2px 12px;align-items:center;padding:4px 0}
.part svg{width:100%;height:10px;border-radius:2px}
.part code{display:block;color:var(--muted)}
.track{fill:var(--silentTint)}
.part .bar{fill:var(--line)}
.part .bar.service{fill:var(--records)}
.part .bar.function{fill:var(--info)}
.part .bar.at-times{fill-opacity:.55}
.annotations{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 10px;margin:0 0 4px 14px;font-size:12.5px}
.annotations dd{margin:0;color:var(--muted)}
`;

const LIST = `
#list{overflow:auto;padding:8px 22px 32px;overflow-wrap:anywhere}
#list>*{max-width:980px}
#list h2{font-size:17px;margin:18px 0 6px}
#list h3{display:inline;font-size:15px}
#list h4{margin:14px 0 4px;font-size:14px}
#list details{border:1px solid var(--border);border-radius:9px;background:var(--card);margin:8px 0;padding:4px 14px}
#list summary{cursor:pointer;padding:6px 0}
#list ul{margin:2px 0;padding-left:20px}
#list .nodes>li{padding:3px 0}
#list .calls{padding-left:22px}
.paths li{padding:1px 0}
`;

/** Print styles: no controls, and all content visible. */
const PAPER = `
@media print{
body,main,#diagram,#list{display:block;height:auto;background:#fff}
header{border:0}
.bar,.place,#legend summary,.close,.skip{display:none}
#canvas{overflow:visible;background:#fff}
#canvas>svg{width:100%;height:auto;max-height:92vh}
#panel{width:auto;border:0;break-before:page;position:static}
.diagram .ground{fill:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
`;
