import Foundation

/// Values of a line of `--chunks` that are not in `ChunkLine`.
struct ChunkDetails: Decodable {
    struct DecoderConfig: Decodable {
        let codec: String
        let rotation: Int?
        let flip: Bool?
    }

    let quantizer: Int?
    /// In the bitstream's scale, for VP8, VP9 and AV1.
    let qindex: Int?
    /// Bytes of the chunk's transparency.
    let alphaSize: Int?
    let decoderConfig: DecoderConfig?
}

/// Values of a receipt that are not in `Receipt`.
struct ReceiptDetails: Decodable {
    let notices: [String]
}

extension TemporaryFolder {
    func chunkDetails(_ name: String) throws -> [ChunkDetails] {
        try text(name).split(separator: "\n").map { try JSONDecoder().decode(ChunkDetails.self, from: Data($0.utf8)) }
    }
}
