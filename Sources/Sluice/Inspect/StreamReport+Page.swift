public import Containers
public import Ingest

extension StreamReport {
    /// Writes the page, which gets its name when it is whole.
    public func writePage(
        to destination: ByteSink.Destination,
        overwrite: Bool,
        temporaries: TemporaryFiles
    ) throws(JobError) {
        do throws(SinkError) {
            var sink = try ByteSink(opening: destination, overwrite: overwrite, temporaries: temporaries)
            try sink.write(Array(html.utf8))
            try sink.publish()
        } catch {
            throw .output(error)
        }
    }

    /// Throws what ``writePage(to:overwrite:temporaries:)`` would throw, before a long stream is read in vain.
    ///
    /// - Parameters:
    ///   - destination: Where the page is to go.
    ///   - input: The stream, which it must not replace.
    ///   - overwrite: Whether an existing file may be replaced.
    public static func checkPage(
        _ destination: ByteSink.Destination,
        isNot input: ByteSource.Origin,
        overwrite: Bool
    ) throws(JobError) {
        if case .path(let path) = destination, case .path(let stream) = input,
            let identity = FileIdentity(of: path), identity == FileIdentity(of: stream)
        {
            throw .usage("\(path) is the input; it cannot be the page as well")
        }
        do throws(SinkError) {
            try ByteSink.checkAvailable(destination, overwrite: overwrite)
        } catch {
            throw .output(error)
        }
    }
}
