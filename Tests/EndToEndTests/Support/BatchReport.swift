import Foundation

/// The object of `sluice batch --json` and `--report`.
struct BatchReport: Decodable {
    struct Failure: Decodable {
        let code: Int
        let name: String
        let message: String
        let retryable: Bool
    }
    struct Memory: Decodable {
        let estimatedBytes: Int
        let peakBytes: Int?
    }
    struct Encoded: Decodable {
        let frames: Int
        let bytes: Int
        let sha256: String
        let psnr: Double?
        let kept: Bool?
        let limit: Int?
    }
    struct Job: Decodable {
        let name: String
        let line: Int
        let output: String
        let status: String
        let error: Failure?
        let attempts: Int
        let threads: Int
        let memory: Memory
        let encoded: Encoded?
    }
    let jobs: [Job]
    let notices: [String]?

    var statuses: [String] { jobs.map(\.status) }
}

extension TemporaryFolder {
    /// Runs a batch whose exit status is `status`, and gives its report.
    @discardableResult
    func batch(_ arguments: String, status: Int32 = 0, timeLimit: Double = 120) throws -> BatchReport {
        let outcome = try run("sluice batch \(arguments) --report report.json --quiet", timeLimit: timeLimit)
        guard outcome.ending == .exited(status) else {
            throw TestFailure("\(arguments): \(outcome.ending): \(outcome.errors)")
        }
        return try JSONDecoder().decode(BatchReport.self, from: Data(try bytes("report.json")))
    }

    /// The inode and the time of a file, which change whenever it is written anew.
    func stamp(_ name: String) -> String? {
        guard let values = try? FileManager.default.attributesOfItem(atPath: file(name).path),
            let inode = values[.systemFileNumber] as? Int, let time = values[.modificationDate] as? Date
        else { return nil }
        return "\(inode) \(time.timeIntervalSinceReferenceDate)"
    }

    /// Processes whose command line names the folder.
    func processes() throws -> Int {
        Int(
            try run("pgrep -f -c '[s]luice encode.*\(url.lastPathComponent)'").text.trimmingCharacters(
                in: .whitespacesAndNewlines
            )
        ) ?? 0
    }
}
