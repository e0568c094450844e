extension InspectionPage {
    /// Shows the unit under the pointer, and the part of the time that is dragged over.
    static let hoverScript = #"""
        const box = document.querySelector(".plots"), tip = document.getElementById("tip"), reset = document.getElementById("reset");
        const draws = { sizes: drawSizes, rate: drawRate, quantizer: drawQuantizer, psnr: drawPSNR, layers: drawLayers };
        const values = { sizes: u => u.size, rate: u => u.rate, quantizer: u => u.coded ? u.qp : NaN, psnr: u => u.psnr, layers: u => u.layer };
        const plots = [...box.querySelectorAll(".plot")].map(e => ({ name: e.dataset.plot, svg: e.querySelector("svg") }));
        plots[plots.length - 1].labels = true;
        let at = -1, drag = null;
        // The first unit that is not before a time.
        function lower(time) {
          let from = 0, to = units.length;
          while (from < to) { const at = from + to >> 1; if (units[at].time < time) from = at + 1; else to = at; }
          return from;
        }
        function draw() {
          W = plots[0].svg.getBoundingClientRect().width || 800;
          inside = [Math.max(0, lower(view[0]) - 1), Math.min(units.length, lower(view[1]) + 1)];
          for (const plot of plots) draws[plot.name](plot);
          reset.hidden = view[0] == first && view[1] == last;
          if (at >= 0) mark();
        }
        function nearest(clientX) {
          const rectangle = plots[0].svg.getBoundingClientRect();
          const share = (clientX - rectangle.left - margin()) / (W - margin() - 4);
          const time = view[0] + Math.max(0, Math.min(1, share)) * (view[1] - view[0]) - half, next = lower(time);
          if (next == 0) return 0;
          return next == units.length || time - units[next - 1].time < units[next].time - time ? next - 1 : next;
        }
        function clear() {
          for (const plot of plots) plot.svg.querySelectorAll(".cross,.dot").forEach(e => e.remove());
        }
        function mark() {
          const unit = units[at], x = round(middle(unit));
          clear();
          for (const plot of plots) {
            add(plot.svg, "path", { class: "cross", d: `M${Math.round(x) + .5} 4V${plot.svg.getAttribute("height") - (plot.labels ? 22 : 4)}` });
            const value = values[plot.name](unit);
            if (plot.name != "layers" && Number.isFinite(value)) {
              const colour = { sizes: colors[unit.type], rate: "var(--rate)", quantizer: "var(--qp)", psnr: "var(--psnr)" }[plot.name];
              add(plot.svg, "circle", { class: "dot", cx: x, cy: round(plot.Y(value)), r: 4, stroke: colour });
            }
          }
          describe(unit);
          place(x);
        }
        function describe(unit) {
          const rows = [["size", bytesText(unit.size)], ["rate around it", rateText(unit.rate)]];
          if (unit.coded) {
            const range = unit.low < unit.high ? ` (${round(unit.low)} to ${round(unit.high)})` : "";
            rows.push(["header QP", unit.qp + range]);
          }
          if (unit.layer >= 0) rows.push(["temporal layer", unit.layer]);
          if (!Number.isNaN(unit.psnr)) rows.push(["PSNR", unit.psnr == Infinity ? "identical" : unit.psnr.toFixed(2) + " dB"]);
          const traits = [unit.key && "key", unit.ref ? "reference" : "not a reference", !unit.shown && "not shown"].filter(Boolean);
          tip.textContent = "";
          const make = (tag, name, text, parent = tip) => {
            const element = parent.appendChild(document.createElement(tag));
            element.className = name;
            element.textContent = text;
            return element;
          };
          make("span", "t", unit.time.toFixed(3) + " s");
          make("span", "chip", unit.type).style.background = colors[unit.type];
          make("b", "", "unit " + unit.number);
          const list = make("dl", "", "");
          for (const [name, value] of rows) { make("dt", "", name, list); make("dd", "", value, list); }
          make("div", "parts", traits.join(", "));
          make("div", "parts", unit.parts);
        }
        function place(x) {
          const edge = plots[0].svg.getBoundingClientRect().left - box.getBoundingClientRect().left;
          const left = edge + x + 16 + tip.offsetWidth > box.clientWidth ? edge + x - 16 - tip.offsetWidth : edge + x + 16;
          tip.style.left = Math.max(0, left) + "px";
          tip.style.top = "44px";
          tip.style.visibility = "visible";
        }
        function leave() { at = -1; clear(); tip.style.visibility = "hidden"; }
        function show(index) { at = Math.max(0, Math.min(units.length - 1, index)); mark(); }
        // A part of the time that is dragged over by mouse becomes the whole width.
        function select(clientX) {
          const edge = plots[0].svg.getBoundingClientRect().left, ends = [drag, clientX].map(c => c - edge).sort((a, b) => a - b);
          for (const plot of plots) {
            plot.svg.querySelectorAll(".select").forEach(e => e.remove());
            add(plot.svg, "rect", { class: "select", x: ends[0], y: 4, width: ends[1] - ends[0], height: plot.svg.getAttribute("height") - 4 });
          }
          return ends.map(x => view[0] + Math.max(0, Math.min(1, (x - margin()) / (W - margin() - 4))) * (view[1] - view[0]));
        }
        box.addEventListener("pointerdown", e => { if (e.pointerType == "mouse" && e.button == 0) drag = e.clientX; else show(nearest(e.clientX)); });
        box.addEventListener("pointermove", e => { show(nearest(e.clientX)); if (drag !== null && Math.abs(e.clientX - drag) > 4) select(e.clientX); });
        box.addEventListener("pointerleave", e => { if (e.pointerType == "mouse") { leave(); if (drag !== null) { drag = null; draw(); } } });
        box.addEventListener("pointerup", e => {
          if (drag === null) return;
          const isRange = Math.abs(e.clientX - drag) > 4, range = isRange ? select(e.clientX) : view;
          drag = null;
          if (isRange && lower(range[1]) - lower(range[0]) >= 2) view = range;
          draw();
        });
        box.addEventListener("keydown", e => {
          const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 }[e.key];
          if (step) { e.preventDefault(); show(at + step); } else if (e.key == "Escape") leave();
        });
        const whole = () => { view = [first, last]; draw(); };
        box.addEventListener("dblclick", whole);
        reset.addEventListener("click", whole);
        addEventListener("resize", draw);
        draw();
        """#
}
