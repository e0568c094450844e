internal import Jobs
internal import VideoTypes

// The page's parts below the summary.
extension InspectionPage {
    var plots: String {
        var parts = [plot("sizes", "Frame sizes", key: typeKey), plot("rate", "Bit rate", note: rateNote)]
        if report.quantizer != nil {
            parts.append(plot("quantizer", "Header QP", note: "average and range of \(report.quantizerScale)"))
        }
        if report.psnr != nil { parts.append(plot("psnr", "PSNR", note: "all planes, against the source")) }
        if let layers = report.temporalLayers, layers.count > 1 { parts.append(plot("layers", "Temporal layers")) }
        return """
            <div class="plots" tabindex="0" role="group" aria-label="Plots of the frames; use the arrow keys to move between frames">
            \(parts.joined(separator: "\n"))
            <div id="tip" role="status"></div>
            </div>
            <div class="hint"><span>Point at a frame<span class="mouse">, or step with the arrow keys. Drag to zoom in</span>.</span>
            <button id="reset" hidden>Show everything</button></div>
            """
    }

    private var rateNote: String {
        let level = report.level
        guard let bitrate = level.maxBitrate, let name = level.level else { return "of the second around each frame" }
        return "of the second around each frame; level \(name) allows \(Quantity.bitrate(Double(bitrate)))"
    }

    private var typeKey: String {
        let types: [(InspectedUnit.PictureType, String, String)] = [
            (.intra, "i", "I"), (.predicted, "p", "P"), (.bipredicted, "b", "B"), (.none, "o", "no picture"),
        ]
        let items = types.filter { type, _, _ in report.units.contains { $0.type == type } }.map { _, color, name in
            "<span><i style=\"background:var(--\(color))\"></i>\(name)</span>"
        }
        return "<span class=\"key\">\(items.joined())</span>"
    }

    private func plot(_ name: String, _ title: String, note: String = "", key: String = "") -> String {
        """
        <section class="plot" data-plot="\(name)">
        <header><h2>\(title)</h2><span class="note">\(Markup.escaped(note))</span>\(key)</header>
        <svg role="img" aria-label="\(title)"></svg>
        </section>
        """
    }

    var parameterSets: String {
        let sets = report.parameterSets.map { set in
            let rows = set.fields.map {
                "<tr><td>\(Markup.escaped($0.name))</td><td>\(Markup.escaped($0.value))</td></tr>"
            }
            let place = set.unit > 0 ? "<span> from unit \(set.unit) on</span>" : ""
            return """
                <details><summary>\(Markup.escaped(set.title))\(place)</summary>
                <table>\(rows.joined(separator: "\n"))</table></details>
                """
        }
        let omitted = report.parameterSetsOmitted
        let more = omitted > 0 ? "<p class=\"note\">\(omitted) more are not listed.</p>" : ""
        return "<h2>Parameter sets</h2>\n\(sets.joined(separator: "\n"))\(more)"
    }
}

extension StreamReport {
    /// The report as one self-contained HTML page.
    public var html: String { InspectionPage(self).html }
}
