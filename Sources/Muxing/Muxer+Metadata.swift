internal import CFFmpeg
internal import Containers

// Text, chapters and a timecode.
extension Muxer {
    /// Sets the text and the timecode, before the header is written.
    func describe(_ metadata: ContainerMetadata) throws(SinkError) {
        for tag in metadata.tags {
            try check("av_dict_set", unsafe av_dict_set(&context.pointee.metadata, tag.name, tag.value, 0))
        }
        // libavformat makes a track of the timecode in MP4 and MOV, and a tag of the track in Matroska.
        let ofTrack = [
            "title": metadata.trackTitle, "language": metadata.language, "timecode": metadata.timecode?.description,
        ]
        for (key, value) in ofTrack.sorted(by: { $0.key < $1.key }) {
            guard let value else { continue }
            try check("av_dict_set", unsafe av_dict_set(&stream.pointee.metadata, key, value, 0))
        }
    }

    /// Adds chapters: before the header, or before the trailer of a file in which written bytes can be changed.
    func add(_ chapters: [Chapter]) throws(SinkError) {
        for chapter in chapters {
            try check(
                "chapters",
                unsafe cffmpeg_add_chapter(context, chapter.start, chapter.end ?? chapter.start, chapter.title)
            )
        }
    }
}

extension ContainerMetadata {
    /// Bytes that libavformat writes with the header among the chunks of MP4: the frame number of the timecode.
    var bytesBesideChunks: Int { timecode == nil ? 0 : 4 }
}
