extension BatchPage {
    /// The style of this page, in addition to that of all pages.
    static let style = #"""
        .jobs{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px;margin-top:22px}
        .jobs article{display:flex;flex-direction:column;background:var(--card);border:1px solid var(--line);border-radius:12px;
        overflow:hidden;box-shadow:var(--shadow)}
        .picture{display:flex;align-items:center;justify-content:center;aspect-ratio:16/9;background:var(--grid);color:var(--soft);
        font-size:12.5px}
        .picture img{display:block;width:100%;height:100%;object-fit:contain}
        .body{padding:13px 16px 15px}
        .body{display:grid;grid-template-columns:1fr auto;gap:0 10px;align-items:start}.body dl,.reason{grid-column:1/-1}
        .body h2{font-size:14.5px;overflow-wrap:anywhere}
        .body h2 small{display:block;font-weight:400;font-size:12.5px;color:var(--soft)}
        .state{padding:1px 9px;border-radius:20px;font-size:12px;font-weight:600}
        .state.good{background:var(--goodbg);color:var(--good)}.state.bad{background:var(--badbg);color:var(--bad)}
        .reason{margin:6px 0 0;font-size:13px;color:var(--bad);overflow-wrap:anywhere}
        .body dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;margin:9px 0 0;font-size:13px}
        .body dt{color:var(--soft)}.body dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        @media(max-width:760px){.jobs{grid-template-columns:1fr;gap:12px;margin-top:16px}}
        """#
}
