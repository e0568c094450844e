internal import Ingest
internal import Jobs
internal import Logging
internal import Media

extension Inspection {
    /// Adds the quality of each frame that is shown. Both sides come in the order in which they are shown.
    func compare(
        _ report: inout StreamReport,
        with source: InputDescription,
        _ interrupt: Interrupt,
        _ logger: Logger
    ) throws(JobError) {
        var stream = ComparedInput(InputDescription(input))
        stream.format = .media
        stream.input.framerate = media.framerate
        var qualities: [Double] = []
        var comparison = Comparison(ComparedInput(source), stream)
        comparison.worstCount = 0
        _ = try comparison.run(interrupt: interrupt, logger: logger) { qualities.append($0.psnr) }
        let shown = report.units.indices.filter { report.units[$0].isShown }
            .sorted { report.units[$0].timestamp < report.units[$1].timestamp }
        guard !interrupt.isTriggered else { return }
        guard shown.count == qualities.count else {
            let reason =
                "\(shown.count) of its units are shown, but a decoder returns \(qualities.count) frames"
            throw .input(.unsupported(name: report.name, reason: reason))
        }
        for (index, quality) in zip(shown, qualities) { report.units[index].psnr = quality }
        report.psnr = StreamReport.Range(qualities)
        report.source = source.origin.name
    }
}
