public import Containers
internal import PixelConversion
package import Places
internal import SystemPackage
public import VideoTypes

/// Where chunks go.
public struct OutputDescription: Sendable {
    /// The output.
    public var destination: ByteSink.Destination
    /// The output's format.
    public var format: OutputFormat
    /// Whether existing files may be replaced. The default is that they may not.
    public var overwrite = false
    /// Frames a second: frames of the input are dropped and repeated so that frames come at this rate. Every frame of the output
    /// is the last one of the input whose time, rounded to a frame of the output, is not after it. `nil`, the default, leaves the
    /// frames as they are.
    public var constantFramerate: FrameRate?
    /// MP4 is written in fragments, as it is to a pipe in any case. The default is that it is not.
    public var fragment = false
    /// The index of an MP4, MOV, MKV or WebM file is behind its frames, where it is written without moving them. The default is that it is in
    /// front of them.
    public var indexAtEnd = false
    /// The output's file gets the modification time of the input's file, to the nanosecond. The default is the time of writing.
    public var keepsModificationTime = false
    /// An output that is not smaller than the input's file is not kept: the run ends well, with a receipt, and no file is at the
    /// output's name. An input without a size, such as a pipe, counts with the bytes that were read. The default is to keep
    /// every output.
    public var keepsOnlySmaller = false
    /// The audio of a media input is copied into a container without encoding it. By default it is dropped.
    public var copiesAudio = false
    /// The destination of the decoder configuration record, in formats that have one.
    public var description: ByteSink.Destination?
    /// Where the lines go that describe one chunk each.
    public var chunks: ByteSink.Destination?
    /// Whether the receipt has the output's SHA-256. The default is that it does.
    public var hasDigest = true
    /// The destination of the receipt.
    public var receipt: ByteSink.Destination?
    /// The folder that all outputs have to be in, or below. `nil`, the default, is any.
    package var root: OutputRoot?
    /// Where it is written which files are about to get names; `nil`, the default, outside of a batch.
    package var claim: Int32?

    /// An output with every default.
    public init(_ destination: ByteSink.Destination, format: OutputFormat) {
        self.destination = destination
        self.format = format
    }

    /// The folders that a batch's job writes in, as they are found within ``root``; none without one, or where they cannot be opened.
    package var rootFolders: [OpenFolder] {
        guard root != nil else { return [] }
        let paths = [destination, description, chunks, receipt].compactMap { destination -> FilePath? in
            if case .path(let path)? = destination { path } else { nil }
        }
        return paths.compactMap { try? lookup.place(of: $0).folder }
    }

    /// The index of a file is put in front of its chunks at the end of the run.
    var movesChunks: Bool { format.isContainer && !fragment && !indexAtEnd }

    /// How the names of the stream and of its additional outputs become places.
    package var lookup: OutputLookup {
        var lookup = OutputLookup()
        lookup.root = root
        return lookup
    }

    /// The same for the receipt, which is written at the end.
    var receiptLookup: OutputLookup {
        var lookup = lookup
        lookup.isSide = true
        return lookup
    }

    /// Throws if an output exists that may not be replaced. This is checked again when the outputs are renamed into place; here
    /// it is found before the work is done.
    package func checkAvailable() throws(SinkError) {
        for destination in [destination, description, chunks].compactMap(\.self) {
            try ByteSink.checkAvailable(destination, lookup, overwrite: overwrite)
        }
        if let receipt { try ByteSink.checkAvailable(receipt, receiptLookup, overwrite: overwrite) }
    }
}
