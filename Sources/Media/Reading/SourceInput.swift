internal import Ingest
internal import LibAV

/// The byte source after a demuxer.
final class SourceInput: DemuxerInput {
    private var source: ByteSource
    /// Why nothing more can be read.
    private(set) var failure: IngestError?

    /// The last bytes of the input, as far as they have been read where they only ever follow each other.
    private(set) var tail: [UInt8]

    /// - Parameters:
    ///   - source: The bytes.
    ///   - tail: The last bytes of a regular file.
    init(_ source: consuming ByteSource, tail: [UInt8] = []) {
        self.source = source
        self.tail = tail
    }

    var length: Int? { source.length }
    var position: Int { source.position }
    var isInterrupted: Bool { source.isInterrupted }

    func seek(to position: Int) { source.seek(to: position) }

    func read(into target: inout MutableRawSpan) -> Int? {
        guard failure == nil else { return nil }
        do throws(IngestError) {
            let count = try source.readSome(into: &target)
            if source.length == nil { keep(target.bytes, count) }
            return count
        } catch {
            failure = error
            return nil
        }
    }

    private func keep(_ bytes: RawSpan, _ count: Int) {
        let kept = min(count, TransportTail.byteCount)
        for offset in count - kept..<count {
            unsafe tail.append(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        if tail.count > TransportTail.byteCount { tail.removeFirst(tail.count - TransportTail.byteCount) }
    }
}
