internal import Bitstream
internal import CFFmpeg
package import Containers
package import VideoTypes

/// Writes MP4, MOV, MKV and WebM by libavformat, through our own byte sink, so that a failing write is an error.
///
/// The header is written with the first chunk, which has the decoder configuration record. Memory is bounded by a fragment or
/// cluster, except for the index of an MP4 file, which libavformat keeps (about 60 bytes a frame), and the cues of Matroska (one for
/// each key frame). Both are written in front of the chunks of a file, which move for that at the end.
///
/// A class, as it owns a muxer, which cannot be copied.
package final class ContainerWriter: ChunkWriter {
    let output: SinkOutput
    let muxer: Muxer
    let description: ContainerDescription
    private let clock: ContainerClock
    /// The record of the first chunk; the container has room for one.
    private var record: [UInt8]?
    private var hasHeader = false
    let audio: (any AudioSource)?
    /// Bytes that libavformat may hold back until the first fragment, which has to wait for all streams; `nil` if it does not
    /// wait.
    let heldLimit: Int?
    /// The index is written behind the chunks by libavformat, and is moved at the end.
    private let movesIndex: Bool
    package private(set) var moved = 0
    var handed = 0
    /// Microseconds at which the last of the frames so far ends.
    private(set) var videoEnd: Int64 = 0
    let chapterTime: ChapterTime

    /// A writer before its header. MP4 is written in fragments if the sink is not seekable.
    ///
    /// - Parameters:
    ///   - sink: The destination of the container, in all calls.
    ///   - format: MP4, MOV, MKV or WebM.
    ///   - description: What the container shall store about the stream; it has passed ``OutputFormat/check(_:)``.
    ///   - audio: Its audio, whose streams have passed ``OutputFormat/check(_:beside:)``. The default is no audio.
    package init(
        for sink: borrowing ByteSink,
        format: OutputFormat,
        description: ContainerDescription,
        audio: (any AudioSource)? = nil
    ) throws(SinkError) {
        guard sink.isSeekable || !description.indexAtEnd else {
            let reason = "\(Setting.indexAtEnd) is for files, and an output that is written in place has no index"
            throw .cannotHold(name: sink.name, reason: reason)
        }
        let isIndexFirst = sink.isSeekable && !description.indexAtEnd
        let inFragments = description.fragment || !sink.isSeekable
        let kind = ContainerKind(format, inFragments: inFragments, isIndexFirst: isIndexFirst)
        let output = SinkOutput(for: sink, locator: kind.locator)
        let muxer = try Muxer(kind, output: output)
        for stream in audio?.streams ?? [] { try muxer.add(stream) }
        if audio?.streams.isEmpty == false { muxer.accompanyVideo() }
        try muxer.setMovieTimescale(ContainerClock(description), audio?.streams ?? [])
        self.muxer = muxer
        self.output = output
        self.description = description
        clock = ContainerClock(description)
        self.audio = audio
        movesIndex = kind.movesIndex
        let isMovie = format.container?.layout == .isoBoxes
        chapterTime = ChapterTime(isMovie: isMovie, inFragments: inFragments, isSeekable: sink.isSeekable)
        heldLimit = audio == nil || kind.writesAtOnce ? nil : Self.heldLimit
    }

    /// Writes a chunk, or holds it back until its fragment or cluster is complete.
    package func write(_ chunk: EncodedVideoChunk, to sink: inout ByteSink) throws(SinkError) -> [Range<Int>] {
        try output.lend(&sink) { () throws(SinkError) in
            let data = try sample(of: chunk)
            try writeHeader(chunk, data)
            try writeAudio(before: chunk.decodeTimestamp ?? chunk.timestamp)
            videoEnd = max(videoEnd, chunk.timestamp + (chunk.duration ?? clock.frameDuration))
            try muxer.write(packet(chunk, data), timeBase: clock.avTimeBase)
            handed += data.count
            try checkHeld()
            return try output.takeLocated()
        }
    }

    /// Writes what is held back, and the index.
    package func end(to sink: inout ByteSink) throws(SinkError) -> [Range<Int>] {
        guard hasHeader else { throw .refused(name: output.name, reason: "a container needs at least one chunk") }
        let located = try output.lend(&sink) { () throws(SinkError) in
            try writeAudio { $0.next(behindVideoEndingAt: videoEnd) }
            try addChapters(.beforeTrailer)
            try muxer.writeTrailer()
            let located = try output.takeLocated()
            try output.checkComplete()
            return located
        }
        try correctPlaceOfChapters(in: &sink)
        moved = movesIndex ? try sink.moveIndexToFront() : output.shifted
        return located
    }

    /// A chunk's bytes as containers hold them: AV1 without temporal delimiters.
    private func sample(of chunk: EncodedVideoChunk) throws(SinkError) -> [UInt8] {
        guard description.codec == .av1 else { return chunk.data }
        return try output.reading { () throws(BitstreamError) in try AV1Sample(chunk.data).bytes }
    }

    private func writeHeader(_ chunk: EncodedVideoChunk, _ data: [UInt8]) throws(SinkError) {
        let record = chunk.decoderConfig?.description
        if hasHeader {
            guard record == nil || record == self.record else {
                throw .refused(
                    name: output.name,
                    reason: "the decoder configuration changes, which a container cannot store"
                )
            }
            return
        }
        hasHeader = true
        self.record = record
        try muxer.describe(description, chunk.decoderConfig, extradata: try extradata(record, data))
        try writeHeaderWithMetadata()
    }

    private func extradata(_ record: [UInt8]?, _ data: [UInt8]) throws(SinkError) -> [UInt8] {
        let found =
            switch description.codec {
            case .vp8, .vp9: [UInt8]()
            case .h264, .hevc: record
            case .av1: try output.reading { () throws(BitstreamError) in try AV1Sample(data).record }
            }
        guard let found else {
            throw .refused(name: output.name, reason: "the first chunk has no decoder configuration")
        }
        return found
    }

    private func packet(_ chunk: EncodedVideoChunk, _ data: [UInt8]) -> MuxerPacket {
        let presentation = clock.ticks(chunk.timestamp)
        let oneFrame: Int64 = clock.framerate == nil ? 0 : 1
        return MuxerPacket(
            data: data,
            alpha: description.hasAlpha ? chunk.alphaData : nil,
            presentation: presentation,
            decoding: chunk.decodeTimestamp.map(clock.ticks) ?? presentation,
            duration: chunk.duration.map(clock.ticks) ?? oneFrame,
            isKey: chunk.type == .key
        )
    }
}
