import Foundation

/// A line of `--chunks`.
struct ChunkLine: Decodable {
    struct ColorSpace: Decodable, Equatable {
        var primaries: String?
        var transfer: String?
        var matrix: String?
        var fullRange: Bool?
    }

    struct DecoderConfig: Decodable {
        let codec: String
        let codedWidth: Int
        let codedHeight: Int
        let displayAspectWidth: Int?
        let displayAspectHeight: Int?
        let colorSpace: ColorSpace
        let description: String?
    }

    let index: Int
    let type: String
    let timestamp: Int
    let duration: Int
    let offset: Int
    let size: Int
    let temporalLayerId: Int
    let quantizer: Int?
    let decoderConfig: DecoderConfig?
}

/// The receipt, or the object of `--json`.
struct Receipt: Decodable {
    struct Input: Decodable {
        let name: String
        let frames: Int
        let bytes: Int
        let droppedBytes: Int
        let sha256: String?
    }

    struct Output: Decodable {
        let name: String
        let format: String
        let chunks: Int
        let keyChunks: Int
        let bytes: Int
        let sha256: String
        let droppedFrames: Int?
        let repeatedFrames: Int?
        let limit: Int?
    }

    struct Config: Decodable {
        let codec: String
        let encoder: String
        let width: Int
        let height: Int
        let preset: String?
        let constantQuality: Double?
        let framerate: String?
    }

    let status: String
    let program: String
    let input: Input
    let output: Output
    let config: Config
    let libraries: [String: String]
    let wallSeconds: Double
    let cpuSeconds: Double
    let peakMemoryBytes: Int
    let waiting: [String: Double]
}

/// A failure with `--json`.
struct FailureObject: Decodable {
    struct Content: Decodable {
        let code: Int
        let name: String
        let message: String
        let retryable: Bool
        let frame: Int?
    }

    let error: Content
}

extension TemporaryFolder {
    func chunks(_ name: String) throws -> [ChunkLine] {
        try text(name).split(separator: "\n").map { try JSONDecoder().decode(ChunkLine.self, from: Data($0.utf8)) }
    }

    func receipt(_ name: String) throws -> Receipt {
        try JSONDecoder().decode(Receipt.self, from: Data(try bytes(name)))
    }
}
