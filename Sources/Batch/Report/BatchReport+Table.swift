extension BatchReport {
    /// A line for each job, with its estimated and its used memory, and below that the reasons of failures.
    ///
    /// - Parameter columns: The terminal's width, which limits long names; 0 without a terminal.
    package func table(columns: Int = 0) -> String {
        var table = TextTable([
            .init(heading: "job"), .init(heading: "status"), .init(heading: "frames", isNumber: true),
            .init(heading: "size", isNumber: true), .init(heading: "bit rate", isNumber: true),
            .init(heading: "speed", isNumber: true), .init(heading: "PSNR", isNumber: true),
            .init(heading: "time", isNumber: true), .init(heading: "memory estimated", isNumber: true),
            .init(heading: "used", isNumber: true), .init(heading: "output"),
        ])
        table.rows = results.map(row)
        let reasons = results.compactMap { result in
            result.failure.map { "\(result.job.name): \(result.status.rawValue): \($0.message)" }
        }
        return (table.lines(within: columns) + reasons + [summary, peak].compactMap { $0 }).map { $0 + "\n" }.joined()
    }

    private func row(_ result: JobResult) -> [String] {
        let encoded = result.encoded
        let ran = result.peakMemory != nil
        return [
            result.job.name.printable(),
            result.statusText,
            encoded.map { "\($0.frames)" } ?? "",
            encoded.map { Quantity.bytes($0.bytes) } ?? "",
            encoded?.bitrate.map(Quantity.bitrate) ?? "",
            encoded.map { Quantity.decimals($0.framesPerSecond, 1) + " fps" } ?? "",
            encoded?.psnr.map { Quantity.decimals($0, 2) + " dB" } ?? "",
            ran ? Quantity.time(result.seconds) : "",
            Quantity.memory(result.job.memory),
            result.peakMemory.map(Quantity.memory) ?? "",
            result.job.name == result.job.output.name ? "" : result.job.output.name.printable(),
        ]
    }

    private var peak: String? {
        let worst = results.filter { $0.peakMemory != nil }.max {
            Double($0.peakMemory ?? 0) / Double(max(1, $0.job.memory)) < Double($1.peakMemory ?? 0)
                / Double(max(1, $1.job.memory))
        }
        guard let worst, let used = worst.peakMemory, used > worst.job.memory else { return nil }
        return
            "\(worst.job.name) used \(Quantity.memory(used)), more than its estimate of \(Quantity.memory(worst.job.memory))"
    }
}
