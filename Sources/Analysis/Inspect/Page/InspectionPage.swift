internal import Jobs
internal import VideoTypes

/// A report as one HTML page.
struct InspectionPage {
    let report: StreamReport

    init(_ report: StreamReport) { self.report = report }

    /// What the scripts read.
    private struct Content: Encodable {
        let start: Int64
        let interval: Int64
        let duration: Int64
        let target: Int?
        let levelName: String?
        let levelBitrate: Int?
        let layers: Int
        let columns: [String: String]
        let parts: [String]
    }

    /// The page.
    var html: String {
        Page(
            title: "\(shortName): \(report.profile)",
            style: Self.style,
            main: [heading, facts, verdict, plots, parameterSets].joined(separator: "\n"),
            footer: """
                QP is that of slice and frame headers (\(Markup.escaped(report.quantizerScale))); blocks may differ from it.
                """,
            scripts: scripts
        ).html
    }

    private var scripts: String {
        """
        <script type="application/json" id="data">\(content)</script>
        <script>
        \(Self.dataScript)
        \(Self.plotScript)
        \(Self.hoverScript)
        </script>
        """
    }

    /// The name without the folders that it is in.
    private var shortName: String { report.name.split(separator: "/").last.map(String.init) ?? report.name }

    private var heading: String {
        """
        <header>
        <h1>\(Markup.escaped(shortName))</h1>
        <p>\(Markup.escaped(report.profile)) <code>\(Markup.escaped(report.codecString))</code></p>
        </header>
        """
    }

    private var facts: String {
        let types = [("I", InspectedUnit.PictureType.intra), ("P", .predicted), ("B", .bipredicted)]
            .map { name, type in (name, report.units.count { $0.type == type }) }
            .filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: " · ")
        let target = report.targetBitrate.map { "target \(Quantity.bitrate(Double($0))), " } ?? ""
        let duration = Quantity.time(Double(report.duration) / 1e6, digits: 3)
        var facts = [
            (
                "picture", "\(report.width) × \(report.height)",
                (report.pictures.count > 1 ? "\(report.sizeWords); " : "") + "\(report.samples), \(report.colorWords)"
            ),
            (
                "frames", "\(report.frames)",
                "\(report.shownWords)\(types), \(report.keyFrames) key, \(Quantity.decimals(report.framerate, 2)) a second"
            ),
            ("size", Quantity.bytes(report.bytes), "in \(duration), \(report.format)"),
            (
                "bit rate", Quantity.bitrate(report.averageBitrate),
                "\(target)\(Quantity.bitrate(report.peakBitrate)) in the busiest second"
            ),
        ]
        if let quantizer = report.quantizer {
            let range = "\(Quantity.decimals(quantizer.min, 0)) to \(Quantity.decimals(quantizer.max, 0))"
            facts.append(("header QP", Quantity.decimals(quantizer.average, 1), "\(range), \(report.quantizerScale)"))
        }
        if let psnr = report.psnr {
            let range = "\(Quantity.decimals(psnr.min, 2)) to \(Quantity.decimals(psnr.max, 2)) dB"
            facts.append(("PSNR", "\(Quantity.decimals(psnr.average, 2)) dB", "\(range), \(report.source ?? "")"))
        }
        let references = report.units.count(where: \.isReference)
        facts.append(("references", "\(references)", "\(report.frames - references) non-reference frames"))
        let layers = report.temporalLayers?.count
        facts.append(("temporal layers", layers.map { "\($0)" } ?? "–", layerWords))
        while facts.count % 4 != 0 { facts.append(("largest frame", largest.0, largest.1)) }
        let items = facts.map { name, value, more in
            "<div><dt>\(name)</dt><dd>\(Markup.escaped(value))<small>\(Markup.escaped(more))</small></dd></div>"
        }
        return "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>"
    }

    private var largest: (String, String) {
        guard let unit = report.units.max(by: { $0.size < $1.size }) else { return ("–", "") }
        return (Quantity.bytes(unit.size), "unit \(unit.index), \(unit.type.rawValue)")
    }

    private var layerWords: String {
        guard let layers = report.temporalLayers else { return "unknown" }
        return layers.sorted { $0.key < $1.key }.map { "\($0.value) of T\($0.key)" }.joined(separator: ", ")
    }

    private var verdict: String {
        let level = report.level
        let lowest = level.lowestLevel.map { "level \($0) is enough" } ?? "no level is enough"
        guard let name = level.level else {
            let words = report.codec == "VP8" ? "VP8 has no levels." : "The stream has no level; \(lowest)."
            return "<p class=\"verdict good\">\(Markup.escaped(words))</p>"
        }
        guard !level.excesses.isEmpty else {
            let words = "Within level \(name), the lowest possible."
            let higher = "Within level \(name); \(lowest)."
            return "<p class=\"verdict good\">\(Markup.escaped(level.lowestLevel == name ? words : higher))</p>"
        }
        let items = level.excesses.map {
            "<li>\(Markup.escaped("\($0.subject): level \(name) allows \($0.numbers)"))</li>"
        }
        return """
            <div class="verdict bad"><b>\(Markup.escaped("Exceeds level \(name); \(lowest)."))</b>
            <ul>\(items.joined())</ul></div>
            """
    }

    private var content: String {
        let count = Int64(max(1, report.units.count))
        let columns = UnitColumns(report.units, interval: report.duration / count)
        let content = Content(
            start: report.units.first?.timestamp ?? 0,
            interval: columns.interval,
            duration: report.duration,
            target: report.targetBitrate,
            levelName: report.level.level,
            levelBitrate: report.level.maxBitrate,
            layers: (report.temporalLayers?.keys.max() ?? 0) + 1,
            columns: columns.columns,
            parts: columns.parts
        )
        // Within a script only this ends the text early.
        return String(decoding: JSON.line(content), as: UTF8.self).split(
            separator: "<",
            omittingEmptySubsequences: false
        )
        .joined(separator: "\\u003c")
    }
}
