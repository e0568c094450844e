package import Bitstream
internal import Ingest
package import Jobs

extension ByteSource {
    /// Reads the header of a Y4M stream.
    ///
    /// - Returns: `nil`, with nothing read, if the input is raw: because of `format`, or because it does not begin as Y4M.
    package mutating func readY4MHeader(_ format: InputFormat) throws(JobError) -> Y4MHeader? {
        do throws(IngestError) {
            guard format != .raw, try beginsAsY4M(format) else { return nil }
            switch try readLine(limit: Y4MHeader.maxLength) {
            case .complete(let line): return try Self.parse(line, name: name)
            case .end(let bytes):
                throw .damagedHeader(name: name, reason: "it ends within its header, after \(bytes) bytes")
            }
        } catch {
            throw .input(error)
        }
    }

    private mutating func beginsAsY4M(_ format: InputFormat) throws(IngestError) -> Bool {
        let start = try peek(Y4MHeader.magic.count)
        if start == Y4MHeader.magic { return true }
        if start.isEmpty, !isInterrupted { throw .empty(name: name, frameBytes: nil) }
        guard format == .auto else {
            throw .damagedHeader(name: name, reason: "it does not begin with YUV4MPEG2")
        }
        return false
    }

    private static func parse(_ line: [UInt8], name: String) throws(IngestError) -> Y4MHeader {
        do throws(BitstreamError) {
            return try Y4MHeader(parsing: line)
        } catch {
            throw error.reason == .unsupported
                ? .unsupported(name: name, reason: "\(error)") : .damagedHeader(name: name, reason: "\(error)")
        }
    }
}
