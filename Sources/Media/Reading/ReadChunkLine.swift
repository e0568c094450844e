internal import Bitstream
internal import Jobs
package import VideoTypes

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A line of `--chunks` as it is read: what ``ChunkLine`` writes.
package struct ReadChunkLine {
    package let type: EncodedVideoChunk.ChunkType
    package let timestamp: Int64
    package let duration: Int64?
    package let offset: Int
    package let size: Int
    /// What the line specifies about the stream from here on.
    package let head: MediaHead?

    /// What is wrong with a line.
    struct Damage: Error { let reason: String }

    private struct Object: Decodable {
        let type: String
        let timestamp: Int64
        let duration: Int64?
        let offset: Int
        let size: Int
        let decoderConfig: ReadDecoderConfig?
    }

    /// Reads a line, without its line feed, strictly.
    package init(parsing text: some Sequence<UInt8>) throws { try self.init(checking: text) }

    init(checking text: some Sequence<UInt8>) throws(Damage) {
        let object: Object
        do throws(JSON.ReadFailure) {
            object = try JSON.decode(Object.self, from: Array(text))
        } catch {
            let none = "not a JSON object of a chunk, with type, timestamp, offset and size"
            throw Damage(reason: error.namesKey ? error.reason : none)
        }
        guard let type = EncodedVideoChunk.ChunkType(rawValue: object.type) else {
            throw Damage(reason: "type \(object.type) is neither key nor delta")
        }
        guard object.offset >= 0, (1...StreamLimit.unitBytes).contains(object.size),
            object.offset <= Int.max - StreamLimit.unitBytes
        else { throw Damage(reason: "a chunk of \(object.size) bytes at \(object.offset)") }
        guard object.duration ?? 0 >= 0 else { throw Damage(reason: "a negative duration") }
        (self.type, timestamp, duration) = (type, object.timestamp, object.duration)
        (offset, size) = (object.offset, object.size)
        head = try object.decoderConfig?.head()
    }
}

/// WebCodecs' `VideoDecoderConfig`, without the values that the bitstream stores.
private struct ReadDecoderConfig: Decodable {
    let codec: String
    let codedWidth: Int?
    let codedHeight: Int?
    let displayAspectWidth: Int?
    let displayAspectHeight: Int?
    let rotation: Int?
    let flip: Bool?
    let description: String?
}

extension ReadDecoderConfig {
    package func head() throws(ReadChunkLine.Damage) -> MediaHead {
        guard let request = try? CodecRequest(.exact(codec)) else {
            throw ReadChunkLine.Damage(reason: "codec \(codec)")
        }
        var head = MediaHead(request.codec)
        head.hasTimes = true
        if let description {
            guard let bytes = Data(base64Encoded: description) else {
                throw ReadChunkLine.Damage(reason: "a description that is not base64")
            }
            head.description = Array(bytes)
        }
        guard let rotation = Orientation.Rotation(rawValue: rotation ?? 0) else {
            throw ReadChunkLine.Damage(reason: "rotation \(self.rotation ?? 0) is not 0, 90, 180 or 270")
        }
        head.orientation = Orientation(rotation: rotation, flip: flip ?? false)
        head.pixelAspectRatio = try pixelAspectRatio()
        return head
    }

    private func pixelAspectRatio() throws(ReadChunkLine.Damage) -> PixelAspectRatio? {
        guard let displayAspectWidth, let displayAspectHeight else { return nil }
        let allowed = 1...PictureSize.limit * 65535
        guard allowed.contains(displayAspectWidth), allowed.contains(displayAspectHeight),
            let codedWidth, let codedHeight, (1...PictureSize.limit).contains(codedWidth),
            (1...PictureSize.limit).contains(codedHeight),
            let ratio = PixelAspectRatio(
                width: displayAspectWidth * codedHeight,
                height: displayAspectHeight * codedWidth
            )
        else { throw ReadChunkLine.Damage(reason: "an invalid size or display aspect") }
        return ratio
    }
}
