internal import Jobs
internal import VideoTypes

/// What a probe found, and how it is shown: a table, Markdown, JSON, or JUnit's XML.
public struct ProbeReport: Sendable {
    /// One thing that was tried.
    public struct Entry: Sendable {
        /// Its name: a case's parts, or the requirement as it was given.
        public let name: String
        /// The case, if it was one.
        public let probe: ProbeCase?
        /// The result.
        public let outcome: ProbeOutcome
    }

    /// Everything that was tried, in order.
    public let entries: [Entry]

    /// The report of a table of cases.
    public init(cases: [(ProbeCase, ProbeOutcome)]) {
        entries = cases.map { Entry(name: $0.0.description, probe: $0.0, outcome: $0.1) }
    }

    /// The report of requirements.
    public init(requirements: [(ProbeRequirement, ProbeOutcome)]) {
        entries = requirements.map { Entry(name: $0.0.text, probe: nil, outcome: $0.1) }
    }

    /// The worst failure: a requirement that is not met, or an encoder that does not do what it claims or does not run. A
    /// configuration that an encoder of the table does not support is not a failure, unless nothing is supported.
    public var worst: Entry? {
        let passes = isTable && !isFruitless ? 1 : 0
        return entries.filter { $0.outcome.severity > passes }.max { $0.outcome.severity < $1.outcome.severity }
    }

    /// The entries are cases of the table, and not requirements.
    public var isTable: Bool { entries.contains { $0.probe != nil } }

    /// None of the configurations is supported.
    public var isFruitless: Bool { !entries.contains { $0.outcome.evidence != nil } }
}

extension ProbeOutcome {
    /// The severity: supported, not supported, does not run, wrong output, invalid.
    fileprivate var severity: Int {
        switch self {
        case .supported: 0
        case .unsupported: 1
        case .unavailable, .timedOut, .crashed: 2
        case .failed: 3
        case .invalid: 4
        }
    }

    /// Its name in JSON.
    var word: String {
        switch self {
        case .supported: "supported"
        case .unsupported: "unsupported"
        case .unavailable: "unavailable"
        case .timedOut: "timedOut"
        case .crashed: "crashed"
        case .failed: "failed"
        case .invalid: "invalid"
        }
    }

    /// Its name in text.
    package var label: String { if case .timedOut = self { "timed out" } else { word } }

    /// Why it is not supported.
    public var reason: String? {
        switch self {
        case .supported: nil
        case .unsupported(let reason), .failed(let reason), .invalid(let reason), .unavailable(let reason): reason
        case .timedOut(let reason), .crashed(let reason): reason
        }
    }

    /// What was seen, if it is supported.
    public var evidence: Evidence? {
        if case .supported(let evidence) = self { evidence } else { nil }
    }
}

extension ProbeReport {
    private struct Object: Encodable {
        let name: String
        let status: String
        let codec: String?
        let encoder: String?
        let pixelFormat: String?
        let bitrateMode: String?
        let scalabilityMode: String?
        let codecString: String?
        let frames: Int?
        let psnr: Double?
        let notice: String?
        let reason: String?

        init(_ entry: Entry) {
            let evidence = entry.outcome.evidence
            name = entry.name
            status = entry.outcome.word
            codec = entry.probe?.codec.rawValue
            encoder = entry.probe?.encoder ?? evidence?.encoder
            pixelFormat = entry.probe?.pixelFormat.rawValue
            bitrateMode = entry.probe?.bitrateMode.rawValue
            scalabilityMode = entry.probe?.scalabilityMode.description
            codecString = evidence?.codec
            frames = evidence?.frames
            psnr = evidence.map { ($0.psnr * 100).rounded() / 100 }
            notice = evidence?.notice
            reason = entry.outcome.reason
        }
    }

    private struct Whole: Encodable {
        let program = "sluice \(SluiceVersion.current)"
        let libraries = SluiceVersion.libraries
        let results: [Object]
    }

    /// One object on one line: the libraries, and a result for each thing that was tried.
    public var json: String {
        String(decoding: JSON.line(Whole(results: entries.map(Object.init))), as: UTF8.self)
    }

    /// JUnit's XML: what is unsupported counts as skipped in a table of which something is supported, and as failed where it was
    /// required; what could not be tried to its end is an error.
    public var junit: String {
        let cases = entries.map { JUnit.Case(name: $0.name, outcome: testOutcome(of: $0)) }
        return JUnit(name: "sluice probe", className: "sluice.probe", cases: cases).xml
    }

    private func testOutcome(of entry: Entry) -> JUnit.Outcome {
        guard let text = entry.outcome.reason else { return .passed }
        let reason = JUnit.Reason(type: entry.outcome.word, message: text)
        switch entry.outcome {
        case .unavailable, .timedOut, .crashed: return .error(reason)
        case .unsupported where isTable && !isFruitless: return .skipped(reason)
        case .supported, .unsupported, .failed, .invalid: return .failed(reason)
        }
    }
}
