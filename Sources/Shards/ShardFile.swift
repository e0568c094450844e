internal import Bitstream
internal import Ingest
internal import Jobs
internal import LibAV
internal import SystemPackage
internal import Threading
internal import VideoTypes

/// A segment's chunks as a file: for each a length in four bytes (big endian), this number of bytes of JSON about it, its own
/// bytes, and those of its transparency. Its plan is named in its receipt, in the same folder.
enum ShardFile {
    /// Bytes of JSON about a chunk at most.
    static let maxHeader = 1 << 20

    /// What is known of a chunk.
    struct Header: Codable {
        let isKey: Bool
        let timestamp: Int64
        let duration: Int64?
        let decodeTimestamp: Int64?
        let size: Int
        let alphaSize: Int?
        let quantizer: Int?
        let quantizerIndex: Int?
        let temporalLayerId: Int
        let decoderConfig: Config?

        init(_ chunk: EncodedVideoChunk) {
            isKey = chunk.type == .key
            (timestamp, duration) = (chunk.timestamp, chunk.duration)
            decodeTimestamp = chunk.decodeTimestamp
            (size, alphaSize) = (chunk.data.count, chunk.alphaData?.count)
            (quantizer, quantizerIndex) = (chunk.quantizer, chunk.quantizerIndex)
            temporalLayerId = chunk.temporalLayerId
            decoderConfig = chunk.decoderConfig.map(Config.init)
        }

        func chunk(_ data: [UInt8], alpha: [UInt8]?) -> EncodedVideoChunk {
            var chunk = EncodedVideoChunk(
                type: isKey ? .key : .delta,
                timestamp: timestamp,
                duration: duration,
                data: data
            )
            (chunk.decodeTimestamp, chunk.alphaData) = (decodeTimestamp, alpha)
            (chunk.quantizer, chunk.quantizerIndex) = (quantizer, quantizerIndex)
            chunk.temporalLayerId = temporalLayerId
            chunk.decoderConfig = decoderConfig?.config
            return chunk
        }
    }

    /// ``DecoderConfig``, member by member.
    struct Config: Codable {
        let codec: String
        let codedWidth: Int
        let codedHeight: Int
        let pixelAspect: [Int]
        let color: [UInt8]
        let fullRange: Bool
        let description: [UInt8]?
        let rotation: Int
        let flip: Bool

        init(_ config: DecoderConfig) {
            codec = config.codec
            (codedWidth, codedHeight) = (config.codedWidth, config.codedHeight)
            pixelAspect = [config.pixelAspectRatio.width, config.pixelAspectRatio.height]
            let space = config.colorSpace
            color = [space.primaries.rawValue, space.transfer.rawValue, space.matrix.rawValue]
            fullRange = space.fullRange
            description = config.description
            (rotation, flip) = (config.orientation.rotation.rawValue, config.orientation.flip)
        }

        /// `nil` if we did not write it.
        var config: DecoderConfig? {
            guard pixelAspect.count == 2, color.count == 3, let rotation = Orientation.Rotation(rawValue: rotation),
                let ratio = PixelAspectRatio(width: pixelAspect[0], height: pixelAspect[1])
            else { return nil }
            var space = VideoColorSpace.unspecified
            space.primaries = ColorPrimaries(rawValue: color[0])
            space.transfer = TransferCharacteristics(rawValue: color[1])
            space.matrix = MatrixCoefficients(rawValue: color[2])
            space.fullRange = fullRange
            var config = DecoderConfig(
                codec: codec,
                codedWidth: codedWidth,
                codedHeight: codedHeight,
                pixelAspectRatio: ratio,
                colorSpace: space,
                description: description
            )
            config.orientation = Orientation(rotation: rotation, flip: flip)
            return config
        }
    }

    /// A chunk as it is in the file.
    static func bytes(_ chunk: EncodedVideoChunk) -> [UInt8] {
        let header = JSON.line(Header(chunk))
        let length = UInt32(header.count)
        let prefix = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        return prefix + header + chunk.data + (chunk.alphaData ?? [])
    }
}

/// Reads a shard's chunks, and its digest along with them.
///
/// Thread-safety: used by one thread at a time.
struct ShardReader: ~Copyable {
    private var source: ByteSource
    private let digest: InputDigest

    init(_ path: FilePath, _ interrupt: Interrupt) throws(JobError) {
        let digest = InputDigest()
        self.digest = digest
        source = try asJobError { () throws(IngestError) in
            try ByteSource(
                opening: .path(path),
                interrupt: interrupt,
                clock: StageClock(),
                observe: { digest.update($0) }
            )
        }
    }

    /// The next chunk; `nil` after the last.
    mutating func next() throws(JobError) -> EncodedVideoChunk? {
        let prefix = try read(4)
        guard !prefix.isEmpty else { return nil }
        let length = prefix.reduce(0) { $0 << 8 | Int($1) }
        guard prefix.count == 4, length <= ShardFile.maxHeader else { throw damaged("a chunk header has no length") }
        let json = try read(length)
        guard json.count == length, case .success(let header) = JSON.read(ShardFile.Header.self, from: json) else {
            throw damaged("a chunk header cannot be read")
        }
        // What the rest of the file cannot hold is not made room for.
        let sizes = 0...max(0, min(StreamLimit.unitBytes, (source.length ?? 0) - source.position))
        guard sizes.contains(header.size), sizes.contains(header.alphaSize ?? 0) else {
            throw damaged("a chunk has an impossible size")
        }
        let data = try read(header.size)
        let alpha = try header.alphaSize.map { size throws(JobError) in try read(size) }
        guard data.count == header.size, alpha?.count == header.alphaSize else {
            throw damaged("it ends within a chunk")
        }
        return header.chunk(data, alpha: alpha)
    }

    /// Bytes of the file; `nil` if it is not a regular file.
    var length: Int? { source.length }

    /// The SHA-256 of what was read.
    consuming func finish() -> String { digest.finish() }

    private mutating func read(_ count: Int) throws(JobError) -> [UInt8] {
        guard count > 0 else { return [] }
        return try asJobError { () throws(IngestError) in try source.readBytes(upTo: count) }
    }

    private func damaged(_ reason: String) -> JobError { .damagedShard(name: source.name, reason: reason) }
}
