/// What a container stores of its contents besides the pictures and the sound: text, chapters, a timecode.
public struct MetadataOptions: Hashable, Sendable {
    /// Tags of the file, which replace those of a media input; an empty value removes one. The default is empty.
    public var tags: [MetadataTag] = []
    /// The language of the picture. `nil`, the default, is that of a media input.
    public var language: LanguageCode?
    /// The timecode of the output's first frame. `nil`, the default, is that of a media input, for this frame.
    public var timecode: Timecode?
    /// Chapters, by their times in the output, in order. `nil`, the default, means those of a media input.
    public var chapters: [Chapter]?
    /// The metadata of a media input goes along: its tags, language, timecode and chapters. The default is that it does, without
    /// the time of its creation.
    public var keepsInput = true
    /// The chapters of a media input go along with the rest. The default is that they do.
    public var keepsChapters = true
    /// What a media input stores; nothing for other inputs.
    package var source = SourceMetadata()
    /// The chapters of the output, with their place in it; `nil` without chapters.
    package var placement: ChapterPlacement?

    /// Metadata with every default.
    public init() {}

    /// Something is stored whatever the input has.
    package var isRequested: Bool { !tags.isEmpty || language != nil || timecode != nil || chapters != nil }
}

/// What a media input stores of its contents.
package struct SourceMetadata: Hashable, Sendable {
    /// What messages call the input.
    package var name = ""
    /// Tags of the file.
    package var tags: [MetadataTag] = []
    /// Keys of tags that cannot be read.
    package var unreadable: [String] = []
    /// The title of the track of pictures.
    package var trackTitle: String?
    /// The language of the pictures.
    package var language: LanguageCode?
    /// The timecode of the first frame, as it is stored.
    package var timecode: String?
    /// The chapters, by their times in the file.
    package var chapters: [Chapter] = []

    /// Nothing.
    package init() {}

    /// The names of everything, for messages: metadata, chapters, a timecode.
    package var words: [String] {
        var words: [String] = []
        let keys = tags.map(\.name) + unreadable + (trackTitle == nil ? [] : ["title of the track"])
        if !keys.isEmpty { words.append("metadata (\(keys.prefix(12).joined(separator: ", ")))") }
        if !chapters.isEmpty { words.append(chapters.count == 1 ? "1 chapter" : "\(chapters.count) chapters") }
        if let timecode { words.append("the timecode \(timecode)") }
        return words
    }
}

/// What a container is to store, as it can.
package struct ContainerMetadata: Hashable, Sendable {
    /// Tags of the file.
    package var tags: [MetadataTag] = []
    /// The title of the track of pictures.
    package var trackTitle: String?
    /// The language of the pictures, in the container's own code.
    package var language: String?
    /// The timecode of the first frame.
    package var timecode: Timecode?
    /// The chapters.
    package var chapters: ChapterPlacement?

    /// Nothing.
    package init() {}
}
