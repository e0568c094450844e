internal import Containers

/// When libavformat is given the chapters.
enum ChapterTime {
    /// Before the header, among which Matroska in a pipe has them: how long the last one is may not be known then.
    case beforeHeader
    /// After the header of MP4 in fragments, and before `moov` is written: it has a list of them, which needs no lengths. libavformat
    /// would make a track as well, which has a wrong length unless that of the last one is known.
    case afterHeader
    /// At the end, when all is known.
    case beforeTrailer

    /// - Parameters:
    ///   - isMovie: The container is MP4 or MOV.
    ///   - inFragments: It is written in fragments.
    ///   - isSeekable: Written bytes can be changed.
    init(isMovie: Bool, inFragments: Bool, isSeekable: Bool) {
        if isMovie {
            self = inFragments ? .afterHeader : .beforeTrailer
        } else {
            self = isSeekable ? .beforeTrailer : .beforeHeader
        }
    }

    /// Chapters that the container has room for at that time: the list of MP4 counts them in a byte.
    var limit: Int { self == .afterHeader ? 255 : Chapter.limit }
}

// What is stored with the header, and what waits for the end.
extension ContainerWriter {
    /// Sets the metadata, and writes the header.
    func writeHeaderWithMetadata() throws(SinkError) {
        try muxer.describe(description.metadata)
        try addChapters(.beforeHeader)
        output.passOver(byteCount: description.metadata.bytesBesideChunks)
        try muxer.writeHeader()
        try addChapters(.afterHeader)
    }

    /// Adds the chapters, if this is the time for it.
    func addChapters(_ time: ChapterTime) throws(SinkError) {
        guard time == chapterTime, let chapters = description.metadata.chapters else { return }
        try muxer.add(chapters.placed(endingAt: time == .beforeTrailer ? videoEnd : nil, limit: time.limit))
    }

    /// libavformat (5 to 7) moves the chapters of a Matroska file with its frames, but not what it has written of their place.
    func correctPlaceOfChapters(in sink: inout ByteSink) throws(SinkError) {
        guard description.metadata.chapters?.written.isEmpty == false, output.shifted > 0 else { return }
        try sink.correctPlaceOfChapters(movedBy: output.shifted)
    }
}
