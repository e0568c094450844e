internal import Bitstream

// Opening the input, and finding out what it is.
extension EncodeRun {
    func openInput() throws(JobError) -> ByteSource {
        var observe: (@Sendable (RawSpan) -> Void)?
        if job.input.hasDigest { observe = { [digest] bytes in digest.update(bytes) } }
        do throws(IngestError) {
            return try ByteSource(
                opening: job.input.origin,
                access: context.fileAccess,
                interrupt: context.interrupt,
                clock: context.progress.ingestClock,
                observe: observe
            )
        } catch {
            throw .input(error)
        }
    }

    func refuseSameFile(_ input: borrowing ByteSource) throws(JobError) {
        guard let identity = input.identity else { return }
        for case .path(let path) in job.output.destinations where FileIdentity(of: path) == identity {
            throw .usage("\(path) is the input; it cannot be an output as well")
        }
    }

    func readHeader(_ input: inout ByteSource) throws(JobError) -> Y4MHeader? {
        do throws(IngestError) {
            guard job.input.format != .raw, try beginsAsY4M(&input) else { return nil }
            switch try input.readLine(limit: Y4MHeader.maxLength) {
            case .complete(let line): return try Self.parse(line, name: input.name)
            case .end(let bytes):
                throw .damagedHeader(name: input.name, reason: "it ends within its header, after \(bytes) bytes")
            }
        } catch {
            throw .input(error)
        }
    }

    private func beginsAsY4M(_ input: inout ByteSource) throws(IngestError) -> Bool {
        let start = try input.peek(Y4MHeader.magic.count)
        if start == Y4MHeader.magic { return true }
        if start.isEmpty, !input.isInterrupted { throw .empty(name: input.name, frameBytes: nil) }
        guard job.input.format == .auto else {
            throw .damagedHeader(name: input.name, reason: "Y4M begins with YUV4MPEG2, this does not")
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
