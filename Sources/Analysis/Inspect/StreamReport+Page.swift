public import Containers
public import Jobs
internal import Media
public import SystemPackage

extension StreamReport {
    /// Writes the page, which is renamed into place when it is complete.
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
}

extension Inspection {
    /// Throws what ``StreamReport/writePage(to:overwrite:temporaries:)`` would throw, before a long stream is read; also if the
    /// page would replace the input.
    ///
    /// - Parameters:
    ///   - destination: Where the page is to go.
    ///   - others: Files besides the stream, what belongs to it and its source that are read.
    ///   - overwrite: Whether an existing file may be replaced.
    public func checkPage(
        _ destination: ByteSink.Destination,
        besides others: [FilePath] = [],
        overwrite: Bool
    ) throws(JobError) {
        var places = FilePlaces()
        places.read(input, media)
        places.read(source?.origin, as: "the source")
        for path in others { places.read(path, as: "an input") }
        places.write(destination)
        try places.check()
        try asJobError { () throws(SinkError) in
            try ByteSink.checkAvailable(destination, overwrite: overwrite)
        }
    }
}
