extension InspectionPage {
    /// Draws the plots: bars and lines if there is room, else the range of values in each column of pixels.
    static let plotScript = #"""
        const NS = "http://www.w3.org/2000/svg";
        function add(parent, tag, attributes, text) {
          const element = document.createElementNS(NS, tag);
          for (const name in attributes) element.setAttribute(name, attributes[name]);
          if (text !== undefined) element.textContent = text;
          return parent.appendChild(element);
        }
        const round = value => Math.round(value * 10) / 10;
        const scaled = (value, names) => {
          let power = 0;
          while (Math.abs(value) >= 999.5 && power + 1 < names.length) { value /= 1000; power++; }
          return (power && value < 99.95 ? +value.toPrecision(3) : Math.round(value)) + " " + names[power];
        };
        const bytesText = value => scaled(value, ["B", "kB", "MB", "GB"]);
        const rateText = value => scaled(value, ["b/s", "kb/s", "Mb/s", "Gb/s"]);
        const clock = s => Math.floor(s / 60) + ":" + String(Math.floor(s % 60)).padStart(2, "0");
        // Steps of 1, 2 or 5 times a power of ten.
        function ticks(low, high, count) {
          const rough = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(rough));
          const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough * .999), out = [];
          for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) out.push(+(n * step).toPrecision(12));
          return out;
        }
        function timeTicks(low, high, count) {
          if (high - low < 90) return ticks(low, high, count).map(t => [t, +t.toFixed(6) + " s"]);
          const step = [30, 60, 120, 300, 600, 1800, 3600, 7200, 36000].find(s => (high - low) / s <= count) || 86400, out = [];
          for (let t = Math.ceil(low / step) * step; t <= high; t += step) out.push([t, clock(t)]);
          return out;
        }
        let view = [first, last], inside = [0, units.length], W = 800;
        const margin = () => W < 500 ? 46 : 62;
        const X = time => margin() + (time - view[0]) / (view[1] - view[0]) * (W - margin() - 4);
        // The middle of the time that a unit is shown.
        const half = D.interval / 2e6, middle = unit => X(unit.time + half);
        // Columns of pixels, each with the units in it; single units if there is room for them.
        function buckets(value) {
          const out = [], wide = inside[1] - inside[0] <= (W - margin()) / 1.5;
          let bucket;
          for (let i = inside[0]; i < inside[1]; i++) {
            const unit = units[i], v = value(unit);
            if (!Number.isFinite(v)) continue;
            const x = wide ? round(middle(unit)) : Math.round(middle(unit));
            if (wide || !bucket || bucket.x != x) out.push(bucket = { x, n: 0, sum: 0, low: v, high: v });
            bucket.n++; bucket.sum += v;
            bucket.low = Math.min(bucket.low, v); bucket.high = Math.max(bucket.high, v);
          }
          return out;
        }
        const path = points => points.map((p, i) => (i ? "L" : "M") + p[0] + " " + round(p[1])).join("");
        function frame(plot, low, high, format, height) {
          const svg = plot.svg, Y = value => 8 + (1 - (value - low) / (high - low || 1)) * (height - 8);
          const bottom = plot.labels ? 22 : 4;
          svg.textContent = "";
          svg.setAttribute("height", height + bottom);
          svg.setAttribute("viewBox", `0 0 ${W} ${height + bottom}`);
          for (const [time, text] of timeTicks(view[0], view[1], W < 500 ? 4 : 8)) {
            const x = Math.round(X(time)) + .5;
            add(svg, "path", { class: "grid", d: `M${x} 8V${height}` });
            if (plot.labels) add(svg, "text", { x: Math.min(x, W - 12), y: height + 17, "text-anchor": "middle" }, text);
          }
          for (const value of format ? ticks(low, high, height < 90 ? 2 : 4) : []) {
            const y = Math.round(Y(value)) + .5;
            add(svg, "path", { class: value == low ? "base" : "grid", d: `M${margin()} ${y}H${W - 4}` });
            add(svg, "text", { x: margin() - 8, y: y + 4, "text-anchor": "end" }, format(value));
          }
          return plot.Y = Y;
        }
        function line(plot, Y, points, color, band) {
          if (band) {
            const edge = points.map(p => [p.x, Y(p.high)]).concat(points.map(p => [p.x, Y(p.low)]).reverse());
            if (points.some(p => p.high > p.low)) add(plot.svg, "path", { d: path(edge) + "Z", fill: color, "fill-opacity": .2 });
          }
          const mean = points.map(p => [p.x, Y(p.sum / p.n)]);
          add(plot.svg, "path", { d: path(mean), fill: "none", stroke: color, "stroke-width": 1.6, "stroke-linejoin": "round" });
        }
        function level(plot, Y, value, color, text) {
          const y = Math.round(Y(value)) + .5;
          add(plot.svg, "path", { d: `M${margin()} ${y}H${W - 4}`, stroke: color, "stroke-width": 1.5, "stroke-dasharray": "5 4" });
          add(plot.svg, "text", { x: W - 6, y: y - 5, "text-anchor": "end", style: "fill:" + color }, text);
        }
        const span = value => {
          let low = Infinity, high = -Infinity;
          for (let i = inside[0]; i < inside[1]; i++) {
            const v = value(units[i]);
            if (Number.isFinite(v)) { low = Math.min(low, v); high = Math.max(high, v); }
          }
          return low > high ? [0, 1] : [low, high];
        };
        const colors = { I: "var(--i)", P: "var(--p)", B: "var(--b)", "-": "var(--o)" };
        function drawSizes(plot) {
          const high = span(u => u.size)[1] || 1, height = 210, Y = frame(plot, 0, high * 1.06, bytesText, height);
          const step = (W - margin()) / Math.max(1, inside[1] - inside[0]), width = Math.max(1, Math.min(14, step * .72));
          for (const type of ["I", "P", "B", "-"]) {
            const bars = buckets(u => u.type == type ? u.size : NaN);
            const d = bars.map(b => `M${b.x} ${height}V${round(Math.min(Y(b.high), height - .8))}`).join("");
            add(plot.svg, "path", { d, fill: "none", stroke: colors[type], "stroke-width": round(type == "I" ? Math.max(1.8, width) : width) });
          }
        }
        function drawRate(plot) {
          const peak = span(u => u.rate)[1] || 1, target = D.target || 0, max = D.levelBitrate || 0;
          const high = Math.max(peak, target, max <= peak * 2.5 ? max : 0) * 1.12, height = 140;
          const Y = frame(plot, 0, high, rateText, height), points = buckets(u => u.rate);
          const top = points.map(p => [p.x, Y(p.sum / p.n)]);
          if (top.length) {
            const area = path(top) + `V${height}H${top[0][0]}Z`;
            add(plot.svg, "path", { d: area, fill: "var(--rate)", "fill-opacity": .13 });
          }
          line(plot, Y, points, "var(--rate)");
          if (target) level(plot, Y, target, "var(--soft)", "target " + rateText(target));
          if (max && max <= high) level(plot, Y, max, "var(--bad)", "level " + D.levelName + " " + rateText(max));
        }
        function drawQuantizer(plot) {
          let [low] = span(u => u.coded ? u.low : NaN), [, high] = span(u => u.coded ? u.high : NaN);
          const room = Math.max(1, (high - low) * .12);
          low = Math.floor(low - room); high = Math.ceil(high + room);
          const Y = frame(plot, low, high, String, 120), points = buckets(u => u.coded ? u.qp : NaN);
          const lows = buckets(u => u.coded ? u.low : NaN), highs = buckets(u => u.coded ? u.high : NaN);
          points.forEach((p, i) => { p.low = lows[i].low; p.high = highs[i].high; });
          line(plot, Y, points, "var(--qp)", true);
        }
        function drawPSNR(plot) {
          const [low, high] = span(u => u.psnr), room = Math.max(.5, (high - low) * .12);
          const Y = frame(plot, low - room, high + room, v => v + " dB", 120);
          line(plot, Y, buckets(u => u.psnr), "var(--psnr)", true);
        }
        function drawLayers(plot) {
          const count = D.layers, height = 12 + count * 20, Y = frame(plot, -.5, count - .5, null, height);
          for (let layer = 0; layer < count; layer++) {
            const marks = buckets(u => u.layer == layer ? layer : NaN), y = Y(layer);
            const width = round(Math.max(1.2, Math.min(9, (W - margin()) / (inside[1] - inside[0]) * .7)));
            add(plot.svg, "text", { x: margin() - 8, y: y + 4, "text-anchor": "end" }, "T" + layer);
            const d = marks.map(m => `M${m.x} ${round(y - 6)}v12`).join("");
            add(plot.svg, "path", { d, stroke: "var(--b)", "stroke-opacity": 1 - layer * .22, "stroke-width": width });
          }
        }
        """#
}
