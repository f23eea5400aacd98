/// The page's style sheet: no font, picture or script is fetched from anywhere.
///
/// The series' colours are after Okabe and Ito ("Color Universal Design", 2008), darker or lighter for contrast with the background.
enum ReportStyle {
    static let sheet: Markup = """
        :root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--ink:#17202b;--soft:#526071;--rule:#e2e7ed;--grid:#e9edf2;--mark:#eef3f9;\
        --s1:#0067ab;--s2:#c24e00;--s3:#007a5c;--s4:#8c3f7d;--s5:#6b7787;--good:#00694f;--bad:#b04300}
        @media(prefers-color-scheme:dark){:root{--page:#0e1319;--card:#161d26;--ink:#e7ecf3;--soft:#a0adbc;--rule:#2a3542;--grid:#232d39;\
        --mark:#1c2733;--s1:#5cb4f5;--s2:#f39a4d;--s3:#38c79c;--s4:#d995c8;--s5:#93a0b0;--good:#4fd0a9;--bad:#f6a35d}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:56px}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",\
        "DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
        a{color:inherit}
        header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
        header{padding-top:32px}
        h1{font-size:28px;line-height:1.2;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
        h1 small{display:block;font-size:13px;font-weight:600;letter-spacing:.04em;color:var(--soft);margin-bottom:6px}
        .lead{margin:8px 0 0;color:var(--soft)}
        nav{position:sticky;top:0;z-index:1;background:var(--page);border-bottom:1px solid var(--rule);margin-top:22px}
        nav div{max-width:1180px;margin:0 auto;padding:0 24px;display:flex;gap:22px;overflow-x:auto;scrollbar-width:none}
        nav a{padding:12px 0;text-decoration:none;white-space:nowrap;color:var(--soft);font-size:14px;font-weight:600}
        nav a:hover,nav a:focus-visible{color:var(--ink)}
        section{padding-top:34px}
        h2{font-size:20px;margin:0 0 4px;letter-spacing:-.005em}
        h2+p{margin:0 0 14px;color:var(--soft);max-width:110ch}
        h2+div,h2+ul{margin-top:14px}
        h3{font-size:15px;margin:0 0 2px}
        .card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:18px 20px;min-width:0}
        .card>p{margin:2px 0 10px;color:var(--soft);font-size:13.5px}
        .card>p.note{margin:10px 0 0}
        .grid{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr))}
        section>.card,section>.grid,section>.tiles{margin-top:16px}
        .tiles{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(248px,1fr))}
        .tile h3{font-size:13.5px;font-weight:600;color:var(--soft);margin:0}
        .tile p{margin:2px 0 0;font-size:13px;line-height:1.4;color:var(--soft)}
        .tile .big{color:var(--ink);font-size:27px;line-height:1.25;font-weight:650;letter-spacing:-.015em;margin:2px 0 0}
        .tile .big small{font-size:14px;font-weight:500;color:var(--soft);letter-spacing:0}
        .findings{list-style:none;margin:14px 0 0;padding:0;display:grid;gap:10px 28px;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr))}
        .findings li{padding-left:28px;position:relative}
        .findings li::before{position:absolute;left:0;top:1px;width:19px;height:19px;border-radius:50%;font-size:12px;line-height:19px;\
        font-weight:700;text-align:center;color:var(--card);content:"i";background:var(--s5)}
        .findings .good::before{content:"✓";background:var(--good)}
        .findings .bad::before{content:"!";background:var(--bad)}
        dl{margin:0;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:5px 20px;font-size:14px}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere}
        code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
        .scroll{overflow-x:auto;margin:0 -20px;padding:0 20px}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th{font-weight:600;text-align:left;color:var(--soft);font-size:13px;vertical-align:bottom}
        td,th{padding:6px 10px;border-bottom:1px solid var(--rule)}
        td:first-child,th:first-child{padding-left:0}
        td:last-child,th:last-child{padding-right:0}
        tbody tr:last-child>*{border-bottom:0}
        tbody th{color:var(--ink);font-size:14px;font-weight:500;vertical-align:middle;overflow-wrap:anywhere}
        .n{text-align:right;white-space:nowrap}
        td small,th small{display:block;font-size:12px;font-weight:400;color:var(--soft)}
        .group th{padding-top:20px;font-size:13px;font-weight:700;color:var(--soft);border-bottom-color:var(--s5)}
        .group:first-child th{padding-top:8px}
        .strong>*{background:var(--mark);font-weight:600}
        .strong>:first-child{box-shadow:-8px 0 0 var(--mark);border-radius:6px 0 0 6px}
        .strong>:last-child{box-shadow:8px 0 0 var(--mark);border-radius:0 6px 6px 0}
        .good{color:var(--good)}.bad{color:var(--bad)}
        .findings li{color:var(--ink)}
        .gap{display:block;font-size:12.5px;font-weight:400;color:var(--bad)}
        .gap::before{content:"▲ ";font-size:10px}
        .bars td{width:34%}
        .bars th{overflow-wrap:anywhere}
        .meter{display:flex;align-items:center;gap:8px}
        .meter i{display:block;height:12px;min-width:1px;border-radius:2px}
        .meter span{font-size:13px;color:var(--soft);white-space:nowrap}
        i.s1{background:var(--s1)}i.s2{background:var(--s2)}i.s3{background:var(--s3)}i.s5{background:var(--s5)}
        .track{height:10px;border-radius:5px;background:var(--grid);overflow:hidden;margin:8px 0}
        .track i{display:block;height:10px}
        .legend{list-style:none;margin:0 0 6px;padding:0;display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;color:var(--soft)}
        .legend li{display:flex;align-items:center;gap:7px}
        .key{width:26px;height:10px;flex:none}
        svg{display:block;overflow:visible}
        .card>svg{width:100%;height:auto;max-width:640px;margin:0 auto}
        text{fill:var(--soft);font-size:11.5px}
        text.title{font-size:12px}
        text.name{fill:var(--ink);font-size:12.5px}
        .end{text-anchor:end}.middle{text-anchor:middle}
        line.grid{stroke:var(--grid)}
        .axis{stroke:var(--s5)}
        .reference{stroke:var(--s5);stroke-dasharray:2 4;stroke-width:1.3}
        .line{fill:none;stroke-width:2;stroke-linejoin:round}
        .whisker{stroke-width:1.6}
        .ring{fill:var(--card);stroke-width:2.4}
        .hint{fill:transparent}
        .line.s1,.whisker.s1,.ring.s1{stroke:var(--s1)}.dot.s1,.bar.s1{fill:var(--s1)}
        .line.s2,.whisker.s2,.ring.s2{stroke:var(--s2)}.dot.s2,.bar.s2{fill:var(--s2)}
        .line.s3,.whisker.s3,.ring.s3{stroke:var(--s3)}.dot.s3,.bar.s3{fill:var(--s3)}
        .line.s4,.whisker.s4,.ring.s4{stroke:var(--s4)}.dot.s4,.bar.s4{fill:var(--s4)}
        .whisker.s5{stroke:var(--s5)}.dot.s5,.bar.s5{fill:var(--s5)}
        .line.s2{stroke-dasharray:7 3}.line.s3{stroke-dasharray:10 3 2 3}
        .swatch{width:14px;height:12px;border-radius:2px}
        .ends{display:flex;justify-content:space-between;width:120px;font-weight:400;font-size:12px}
        details summary{cursor:pointer;font-weight:600;font-size:14px}
        details .scroll{margin-top:10px}
        .dense td,.dense th{padding-top:2.5px;padding-bottom:2.5px}
        .twin{width:120px;height:14px;margin-left:auto}
        footer{padding-top:28px;padding-bottom:44px;font-size:13px;color:var(--soft)}
        @media(max-width:560px){header,main,footer,nav div{padding-left:16px;padding-right:16px}.card{padding:14px 14px}\
        .scroll{margin:0 -14px;padding:0 14px}h1{font-size:23px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}\
        .tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}.tile .big{color:var(--ink);font-size:22px}\
        text{font-size:14px}text.title,text.name{font-size:14px}\
        .bars,.bars tbody,.bars tr{display:block}.bars thead{display:none}.bars th,.bars td{display:block;width:auto;padding:1px 0;border:0}\
        .bars tr{padding:7px 0;border-bottom:1px solid var(--rule)}}
        @media print{nav{display:none}.card{break-inside:avoid}body{background:#fff}}
        """
}
