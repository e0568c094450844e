internal import Ingest
internal import LibAV

/// The byte source behind a demuxer.
final class SourceInput: DemuxerInput {
    private var source: ByteSource
    /// Why nothing more can be read.
    private(set) var failure: IngestError?

    init(_ source: consuming ByteSource) { self.source = source }

    var length: Int? { source.length }
    var position: Int { source.position }
    var isInterrupted: Bool { source.isInterrupted }

    func seek(to position: Int) { source.seek(to: position) }

    func read(into target: inout MutableRawSpan) -> Int? {
        guard failure == nil else { return nil }
        do throws(IngestError) {
            return try source.readSome(into: &target)
        } catch {
            failure = error
            return nil
        }
    }
}
