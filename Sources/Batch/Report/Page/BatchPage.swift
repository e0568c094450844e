internal import Sluice

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A report as one HTML page.
struct BatchPage {
    let report: BatchReport

    /// Pictures fit into this; screens show them in half of it.
    private static let largest = PictureSize(width: 640, height: 360)

    /// The page.
    var html: String {
        Page(
            title: "\(name): \(report.summary)",
            style: Self.style,
            main: main,
            footer: "Memory is the estimate for a job and the peak of its process; "
                + "speed is measured from the first frame."
        ).html
    }

    private var main: String {
        """
        <header>
        <h1>\(Markup.escaped(name))</h1>
        <p>\(Markup.escaped(report.summary))</p>
        </header>
        \(facts)
        \(verdict)
        <div class="jobs">
        \(report.results.map(card).joined(separator: "\n"))
        </div>
        """
    }

    private var name: String { report.manifest.split(separator: "/").last.map(String.init) ?? report.manifest }

    private var facts: String {
        let encoded = report.results.compactMap(\.encoded)
        let frames = encoded.reduce(0) { $0 + $1.frames }
        let bytes = encoded.filter { $0.kept != false }.reduce(0) { $0 + $1.bytes }
        let ran = report.results.filter { $0.status == .done }
        let work = ran.reduce(0) { $0 + $1.seconds }
        let rate = ClaimedSeconds.rate(of: ran.reduce(0) { $0 + ($1.encoded?.frames ?? 0) }, in: report.seconds)
        let (threads, memory) = (report.budget.threads, report.budget.memory)
        let facts = [
            (
                "outputs", "\(encoded.count - report.notKept) of \(report.results.count)",
                "\(report.count(.upToDate)) of them were up to date"
            ),
            ("size", Quantity.bytes(bytes), Quantity.count(frames, "frame")),
            (
                "time", Quantity.time(report.seconds),
                ran.isEmpty
                    ? "nothing to encode"
                    : "\(Quantity.time(work)) of jobs, \(Quantity.decimals(rate, 1)) frames a second"
            ),
            (
                "budget", Quantity.count(threads.amount, "thread"),
                "\(threads.source); \(Quantity.memory(memory.amount)) (\(memory.source))"
            ),
        ]
        let items = facts.map { name, value, more in
            "<div><dt>\(name)</dt><dd>\(Markup.escaped(value))<small>\(Markup.escaped(more))</small></dd></div>"
        }
        return "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>"
    }

    private var verdict: String {
        let bad = report.results.filter { ![.done, .upToDate].contains($0.status) }
        if report.cause != nil {
            return "<div class=\"verdict bad\">\(Markup.escaped(report.summary))</div>"
        }
        guard !bad.isEmpty else { return "<p class=\"verdict good\">All outputs are complete\(notKept).</p>" }
        let items = bad.prefix(50).map { result in
            let reason = result.failure.map { ": \($0.message)" } ?? ""
            return "<li>\(Markup.escaped("\(result.job.name): \(result.status.rawValue)\(reason)"))</li>"
        }
        let rest = bad.count > 50 ? "<li>and \(bad.count - 50) more</li>" : ""
        let summary = Quantity.part(
            bad.count,
            of: report.results.count,
            "job",
            "has no new output",
            "have no new output"
        )
        return """
            <div class="verdict bad"><b>\(summary).</b>
            <ul>\(items.joined())\(rest)</ul></div>
            """
    }

    private var notKept: String {
        report.notKept == 0 ? "" : ", without \(report.notKept) that would not be smaller than the input"
    }

    private func card(_ result: JobResult) -> String {
        let isGood = [.done, .upToDate].contains(result.status)
        let title = result.job.name == result.job.output.name ? "" : "<small>\(Markup.escaped(result.job.name))</small>"
        let reason = result.failure.map { "<p class=\"reason\">\(Markup.escaped($0.message))</p>" } ?? ""
        return """
            <article>
            \(picture(result))
            <div class="body">
            <h2>\(Markup.escaped(result.job.output.name))\(title)</h2>
            <span class="state \(isGood ? "good" : "bad")">\(result.statusText)</span>
            \(reason)<dl>\(rows(result).map { "<dt>\($0)</dt><dd>\(Markup.escaped($1))</dd>" }.joined())</dl>
            </div>
            </article>
            """
    }

    private func picture(_ result: JobResult) -> String {
        let isThere = [.done, .upToDate].contains(result.status)
        guard isThere, !result.isNotKept,
            let thumbnail = Thumbnail.firstFrame(of: result.job.output.path, fitting: Self.largest)
        else {
            return "<div class=\"picture\">no picture</div>"
        }
        let data = Data(thumbnail.jpeg).base64EncodedString()
        return """
            <div class="picture"><img alt="first frame of \(Markup.escaped(result.job.output.name))" loading="lazy" \
            width="\(thumbnail.size.width)" height="\(thumbnail.size.height)" src="data:image/jpeg;base64,\(data)"></div>
            """
    }

    private func rows(_ result: JobResult) -> [(String, String)] {
        var rows: [(String, String)] = []
        if let encoded = result.encoded {
            rows += [
                ("codec", "\(encoded.codec), \(encoded.encoder)"),
                ("picture", "\(encoded.width) × \(encoded.height), \(Quantity.count(encoded.frames, "frame"))"),
                ("size", Quantity.bytes(encoded.bytes)),
            ]
            if let bitrate = encoded.bitrate { rows.append(("bit rate", Quantity.bitrate(bitrate))) }
            rows.append(("speed", "\(Quantity.decimals(encoded.framesPerSecond, 1)) fps"))
            if let psnr = encoded.psnr { rows.append(("PSNR", "\(Quantity.decimals(psnr, 2)) dB")) }
        }
        let used = result.peakMemory.map { "\(Quantity.memory($0)) of " } ?? ""
        rows.append(("memory", "\(used)\(Quantity.memory(result.job.memory)) estimated"))
        if result.attempts > 1 { rows.append(("tries", "\(result.attempts)")) }
        return rows
    }
}

extension BatchReport {
    /// The report as one self-contained HTML page, with a picture of each output.
    @available(*, noasync, message: "blocks the calling thread")
    package var html: String { BatchPage(report: self).html }
}
