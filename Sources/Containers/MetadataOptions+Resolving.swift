package import VideoTypes

extension MetadataOptions {
    /// Throws if something that was asked for cannot be stored.
    package func check(_ format: OutputFormat) throws(EncoderConfigError) {
        guard isRequested else { return }
        guard format.storesMetadata else {
            throw .conflict("\(format.name) cannot store metadata (use \(OutputFormat.containers))")
        }
        for tag in tags where !tag.value.isEmpty {
            if let reason = format.refusal(of: tag) { throw .conflict(reason) }
        }
        guard let language, format.code(of: language) == nil else { return }
        throw .conflict("\(format.name) cannot store the language \(language.code) (use mp4 or mkv)")
    }

    /// Throws if frames at a rate cannot have the requested timecode.
    ///
    /// - Parameter framerate: The rate of the output; `nil` where frames come at any time.
    package func check(_ framerate: FrameRate?) throws(EncoderConfigError) { try timecode?.check(framerate) }

    /// Takes what a media input stores, unless it is to be left out.
    package mutating func take(_ source: SourceMetadata) {
        guard keepsInput else { return }
        self.source = source
        if !keepsChapters || chapters != nil { self.source.chapters = [] }
    }

    /// Makes the place for the chapters of one run.
    package mutating func placeChapters(in format: OutputFormat) {
        guard placement == nil, format.storesMetadata,
            let all = chapters ?? (source.chapters.isEmpty ? nil : source.chapters)
        else { return }
        placement = ChapterPlacement(all, areOfInput: chapters == nil)
    }

    /// What a container stores, and the notices about what it cannot store of the input's.
    ///
    /// - Parameters:
    ///   - format: The container.
    ///   - framerate: The rate of the output; `nil` where frames come at any time.
    ///   - isConverted: Frames were dropped and repeated for that rate.
    ///   - skipped: Frames of the input before the first of the output.
    package func resolved(
        in format: OutputFormat,
        _ framerate: FrameRate?,
        isConverted: Bool,
        skipped: Int
    ) -> (metadata: ContainerMetadata, notices: [String]) {
        guard format.storesMetadata else {
            return (
                ContainerMetadata(),
                source.words.map { "\(source.name): \($0) dropped, which \(format.name) cannot store" }
            )
        }
        var (metadata, lost) = (ContainerMetadata(), source.unreadable)
        let told = Set(tags.map(\.name))
        for tag in source.tags where !told.contains(tag.name) {
            if format.refusal(of: tag) == nil, tag.name != "creation_time" {
                metadata.tags.append(tag)
            } else {
                lost.append(tag.name)
            }
        }
        metadata.tags += tags.filter { !$0.value.isEmpty }
        if let title = source.trackTitle {
            if format.container?.layout == .matroska {
                metadata.trackTitle = title
            } else {
                lost.append("title of the track")
            }
        }
        if let language = language ?? source.language, !language.isUndetermined {
            metadata.language = format.code(of: language)
            if metadata.language == nil { lost.append("language \(language.code)") }
        }
        metadata.chapters = placement
        var notices: [String] = []
        if !lost.isEmpty {
            let advice =
                lost.contains("creation_time") ? " (the time of creation goes along by \(Setting.metadata) only)" : ""
            notices.append("\(source.name): metadata (\(lost.prefix(12).joined(separator: ", "))) dropped\(advice)")
        }
        do throws(EncoderConfigError) {
            if let timecode {
                metadata.timecode = timecode
            } else {
                metadata.timecode = try ownTimecode(framerate, isConverted, skipped)
            }
        } catch {
            notices.append("\(source.name): its timecode is dropped: \(error)")
        }
        return (metadata, notices)
    }

    private func ownTimecode(
        _ framerate: FrameRate?,
        _ isConverted: Bool,
        _ skipped: Int
    ) throws(EncoderConfigError) -> Timecode? {
        guard let text = source.timecode else { return nil }
        guard let timecode = Timecode(text) else { throw .conflict("\"\(text.prefix(20))\" is not a timecode") }
        try timecode.check(framerate)
        guard !isConverted else { throw .conflict("it counts frames of another rate (use \(Setting.timecode))") }
        return framerate.map { timecode.advanced(by: skipped, at: $0) }
    }
}
