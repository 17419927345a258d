import { DARK, FONT, LIGHT, MONOSPACED, type Palette, diagramStyle } from './draw/style';

/** Returns the style sheet of the page. */
export function pageStyle(): string {
  return `${variables(LIGHT)}@media screen and (prefers-color-scheme:dark){${variables(DARK)}}${diagramStyle()}${LAYOUT}${DIAGRAM}${PANEL}${MEDIA}`;
}

function variables(palette: Palette): string {
  const set = Object.entries(palette).map(([name, value]) => `--${name}:${value}`);
  return `:root{${set.join(';')}}`;
}

const LAYOUT = `
*{box-sizing:border-box}
[hidden]{display:none!important}
html{height:100%;color-scheme:light dark}
body{margin:0}
#page{height:100dvh;display:grid;grid-template:auto minmax(0,1fr) / minmax(0,1fr) auto;background:var(--ground);color:var(--ink);font:14px/1.45 ${FONT}}
header{grid-column:1/-1;background:var(--card);border-bottom:1px solid var(--border);padding:8px 14px;display:grid;grid-template-columns:minmax(0,1fr);gap:7px}
.title{display:flex;flex-wrap:wrap;gap:0 14px;align-items:baseline}
h1{font-size:17px;margin:0;overflow-wrap:anywhere}
h2,h3,h4{line-height:1.25}
.title p{margin:0;font-size:13px}
.muted{color:var(--muted)}
code{font-family:${MONOSPACED};font-size:.92em;overflow-wrap:anywhere}
.skip,.unseen:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{clip-path:none;width:auto;height:auto;top:6px;left:6px;padding:8px 12px;background:var(--raised);border-radius:6px;z-index:9}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
.bar{display:flex;gap:8px;align-items:center}
input,select,button{font:inherit;color:inherit}
input[type=search],select,button{border:1px solid var(--border);border-radius:7px;background:var(--raised);padding:4px 10px;min-height:32px}
button,summary{cursor:pointer}
button:hover,select:hover{border-color:var(--muted)}
.toggle{flex:none}
[data-act=panel]{margin-left:auto}
.toggle[aria-pressed=true]{border-color:var(--focus);background:var(--silentTint);box-shadow:inset 0 -3px var(--focus);font-weight:600}
select{width:140px;flex:0 1 auto;min-width:90px}
.search{position:relative;flex:1 1 150px;max-width:360px}
.search input{width:100%}
#found{position:absolute;z-index:5;top:calc(100% + 4px);left:0;width:max(100%,320px);max-width:calc(100vw - 32px);max-height:min(420px,60dvh);overflow:auto;margin:0;padding:4px;list-style:none;background:var(--raised);border:1px solid var(--border);border-radius:9px;box-shadow:0 8px 28px #0004}
#found li{display:grid;grid-template-columns:18px minmax(0,1fr);column-gap:8px;padding:5px 8px;border-radius:6px;cursor:pointer}
#found li.none{display:block;cursor:default;color:var(--muted)}
.icon{width:18px;height:18px;flex:none}
#found svg{margin-top:2px}
.name{font-weight:600;overflow-wrap:anywhere}
#found .muted{grid-column:2;font-size:12px}
#found [aria-selected=true],#found [role=option]:hover{background:var(--silentTint)}
#found [aria-selected=true]{outline:2px solid var(--focus);outline-offset:-2px}
.unread{padding:3px 10px;border-left:4px solid var(--broken);background:var(--brokenTint);border-radius:0 6px 6px 0}
.unread ul{margin:4px 0 0;padding-left:18px}
.without-script{position:fixed;inset:auto 0 0;margin:0;padding:8px 16px;background:var(--unknownTint);visibility:hidden;animation:appear 0s 2s forwards}
[data-ready] .without-script{display:none}
@keyframes appear{to{visibility:visible}}
main{min-width:0;min-height:0;display:grid;grid-template:minmax(0,1fr) / minmax(0,1fr)}
`;

const DIAGRAM = `
#diagram{position:relative;min-height:0;display:grid;grid-template:auto minmax(0,1fr) / minmax(0,1fr)}
#canvas{grid-row:2;overflow:auto;scroll-padding:60px;display:grid;place-items:safe center;cursor:grab;overscroll-behavior:contain;padding:4px}
#canvas.dragged{cursor:grabbing;user-select:none}
#canvas>svg{display:block}
.diagram [role=button]{cursor:pointer;outline:0}
.diagram .hit{cursor:pointer;pointer-events:stroke}
.diagram .card:hover .body{filter:brightness(.97)}
.diagram .card:focus-visible .body,.diagram .sign:focus-visible .disc,.diagram .collapse:focus-visible .body{stroke:var(--focus)!important;stroke-width:4!important;stroke-dasharray:none!important}
.diagram .sign:focus-visible .disc{r:11px}
.diagram .card.selected .body{stroke-width:3.6}
.diagram .sign:hover .disc,.diagram .edge:hover .line{stroke-width:3.6}
.diagram .off,.diagram [data-state~=off]{visibility:hidden}
.diagram .dim{opacity:.25}
.diagram .found .body{stroke:var(--focus);stroke-width:3}
.diagram.following .edge:not([data-state~=lit]){opacity:.25}
.diagram.following [data-state~=lit] .line{stroke-width:3.4}
.diagram.following .card:not(.lit){opacity:.5}
.diagram.following .card:focus-visible,.diagram.following .sign:focus-visible{opacity:1}
.zoom{position:absolute;right:14px;bottom:12px;display:flex;gap:4px}
.zoom button{min-width:36px}
#legend{position:absolute;left:12px;bottom:12px;max-width:calc(100% - 170px);background:var(--card);border:1px solid var(--border);border-radius:8px;font-size:13px}
#legend summary{padding:5px 12px;font-weight:600}
#legend ul{display:grid;gap:4px;margin:0;padding:2px 14px 10px;list-style:none}
#legend li{display:flex;align-items:center;gap:8px}
#hidden{margin:0;padding:5px 16px;color:var(--muted);font-size:13px;border-bottom:1px solid var(--border)}
#tip{position:fixed;z-index:8;max-width:min(340px,calc(100vw - 16px));pointer-events:none;background:var(--raised);border:1px solid var(--border);border-radius:8px;box-shadow:0 6px 22px #0004;padding:2px 12px;font-size:13px}
#tip:empty{display:none}
#tip p{margin:6px 0}
#list{overflow:auto;padding:8px 22px 32px;overflow-wrap:anywhere}
#list h2{font-size:15px;margin:16px 0 4px}
#list ul{margin:2px 0;padding-left:20px}
#list .nodes>li{padding:3px 0}
`;

const PANEL = `
#panel{width:344px;min-height:0;overflow:auto;overflow-wrap:anywhere;background:var(--card);border-left:1px solid var(--border);padding:12px 14px 28px;font-size:13.5px}
#panel h2{margin:2px 0;font-size:17px}
#panel h3{margin:14px 0 4px;font-size:14px}
#panel section h3{border-top:1px solid var(--border);padding-top:10px}
#panel h4{margin:12px 0 4px;font-size:13px}
#panel p{margin:4px 0}
#panel ul,#panel ol{margin:4px 0;padding-left:18px}
#panel .plain,#panel .problems{list-style:none;padding:0}
.problem,.problems .more{border-left:4px solid var(--info);padding:3px 0 5px 10px;margin:8px 0}
.problem.error{border-color:var(--broken)}
.problem.warning{border-color:var(--warning)}
.problem.break,.problem.accepted{border-color:var(--border)}
.problem.selected{background:var(--silentTint);border-radius:0 7px 7px 0}
.problem>button{display:grid;grid-template-columns:18px minmax(0,1fr);gap:7px;border:0;background:none;padding:2px 0;text-align:left;width:100%;min-height:24px;overflow-wrap:anywhere}
.problem>button:hover{text-decoration:underline;text-underline-offset:3px}
.problem>p{padding-left:25px}
#panel .problem>p.muted{font-size:12px;margin:0}
.kind{margin:8px 0}
.kind>summary{display:grid;grid-template-columns:10px 18px minmax(0,1fr);gap:7px;padding:4px 0}
.kind>summary::before{content:'▸'}
.kind[open]>summary::before{content:'▾'}
.kind>summary .muted{display:block;font-size:12px}
.apart{border-top:1px solid var(--border);margin-top:14px}
.apart summary{padding-top:8px}
.apart summary h3{display:inline}
.note{border-top:1px solid var(--border);padding-top:10px;margin-top:14px!important}
.back{margin-bottom:6px}
.state-box{display:flex;gap:7px;align-items:center;border-radius:8px;padding:7px 10px;margin:10px 0!important;background:var(--silentTint)}
.state-box.recorded{background:var(--recordsTint)}
.state-box.gap{background:var(--brokenTint);outline:2px dashed var(--broken);outline-offset:-2px}
.state-box.unknown{background:var(--unknownTint)}
.state-box.untraceable{background:var(--unsupportedTint)}
.hint{border-left:4px solid var(--focus);padding-left:10px}
a,[data-unit]:not(g),li>[data-calls]{color:inherit;text-decoration:underline;text-underline-offset:3px;text-decoration-color:var(--muted)}
button[data-unit],button[data-calls]{border:0;background:none;padding:2px 0;min-height:24px;text-align:left;overflow-wrap:anywhere}
.counts,button[data-unit]{font-weight:600}
a:hover,button[data-unit]:hover,button[data-calls]:hover{text-decoration-color:currentcolor;text-decoration-thickness:2px}
.broken>button[data-calls]{color:var(--broken);font-weight:600}
.position{display:inline-flex;gap:5px;align-items:center;flex-wrap:wrap}
.copy{border:0;background:none;min-width:24px;min-height:24px;padding:4px;line-height:0}
.copy svg{width:15px;height:15px;fill:none;stroke:var(--muted);stroke-width:1.6}
.copy:hover svg{stroke:var(--ink)}
.permission.missing{color:var(--broken);font-weight:600}
.permission.missing::before{content:'✕ '}
.permission.granted::before{content:'✓ '}
.permission.unknown::before{content:'? '}
.expected-trace summary{font-weight:600;padding:4px 0}
.timeline,.timeline ol{list-style:none;padding:0!important;margin:0!important}
.timeline ol{padding-left:14px!important;border-left:1px solid var(--border)}
.part{display:grid;grid-template-columns:minmax(0,1fr) min(130px,34vw);gap:2px 12px;align-items:center;padding:4px 0}
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

/** Styles for narrow windows, forced colors and print: no controls on paper, and all content visible. */
const MEDIA = `
@media (max-width:1100px){#panel{width:320px}select{width:110px}}
@media (max-width:820px){
#page{grid-template:auto minmax(0,4fr) minmax(0,5fr) / minmax(0,1fr)}
header{padding:6px 10px;gap:5px}
.title p{font-size:12px}
.bar{overflow-x:auto;padding:3px;margin:-3px}
.bar:has(#found:not([hidden])){overflow:visible}
.search{flex:0 0 150px}
select{flex:none}
#panel{width:auto;border:0;border-top:1px solid var(--border)}
#page:not(:has(#panel:not([hidden]))){grid-template-rows:auto minmax(0,1fr)}
}
@media (forced-colors:active){
.diagram{forced-color-adjust:none}
.diagram text{fill:CanvasText!important;stroke:none!important}
.diagram .body,.diagram .sheet,.diagram .pill,.diagram .part,.diagram .disc,.diagram .symbol,.diagram .line,.diagram .tip{stroke:CanvasText!important}
.diagram .body,.diagram .sheet,.diagram .pill,.diagram .part,.diagram .disc{fill:Canvas!important}
.diagram .symbol.full,.diagram .tip{fill:CanvasText!important}
.diagram .broken .line,.diagram .broken .disc,.diagram .gap .body{stroke:LinkText!important}
.toggle[aria-pressed=true]{outline:3px solid Highlight}
}
@media print{
#page,main,#diagram,#list{display:block;height:auto;background:#fff}
header{border:0}
.bar,.zoom,#legend,.copy,.skip,.back,#tip,.collapse{display:none}
#canvas{overflow:visible;background:#fff}
#canvas>svg{width:100%!important;height:auto!important;max-height:88vh}
#panel{width:auto;border:0}
#panel,#problems{display:block!important}
.problem{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
