package import Containers
package import Ingest
internal import Places
package import SystemPackage

/// The files that one run reads and writes: no file is written twice, and no file that is read is written.
///
/// Files are known by what they are and not by what they are called, so that links do not hide them.
package struct FilePlaces {
    private struct Read {
        let place: FilePlace
        let meaning: String
    }

    private struct Written {
        let name: String
        let place: FilePlace
    }

    private var reads: [Read] = []
    private var writes: [Written] = []
    private var partials: [FilePath] = []

    /// No files.
    package init() {}

    /// Adds a file that is read, or will be once it is there.
    ///
    /// - Parameter meaning: What messages call it: `the input`.
    package mutating func read(_ path: FilePath, as meaning: String) { read(.path(path), as: meaning) }

    /// Adds an input, if there is one. Of a pattern of pictures, each file that it matches is one.
    package mutating func read(_ origin: ByteSource.Origin?, as meaning: String) {
        let place: FilePlace? =
            switch origin {
            case .path(let path)?: FilePlace(.path(path))
            case .standardInput?: FileIdentity(of: .standardInput).map { .existing($0) }
            case nil: nil
            }
        if let place { reads.append(Read(place: place, meaning: meaning)) }
        guard case .path(let path)? = origin, let pictures = try? PictureSequence.files(of: path) else { return }
        for picture in pictures {
            if let place = FilePlace(.path(picture)) {
                reads.append(Read(place: place, meaning: "a picture of \(meaning)"))
            }
        }
    }

    /// Adds an output, if there is one.
    ///
    /// - Parameter leavesPartial: A signal leaves what there is so far under the name with `.partial`, and replaces a file there.
    package mutating func write(_ destination: ByteSink.Destination?, leavesPartial: Bool = false) {
        guard let destination else { return }
        if let place = FilePlace(destination) { writes.append(Written(name: destination.name, place: place)) }
        guard leavesPartial, case .path(let path) = destination, let partial = ByteSink.partialFile(of: path) else {
            return
        }
        partials.append(partial)
    }

    /// Throws if a file is in two places.
    package func check() throws(JobError) {
        var seen: Set<FilePlace> = []
        for written in writes {
            guard seen.insert(written.place).inserted else {
                throw .usage("two outputs are both named \(written.name)")
            }
            if let meaning = meaning(of: written.place) {
                throw .usage("\(written.name) is \(meaning); it cannot also be an output")
            }
        }
        for path in partials {
            guard ByteSink.isFileOrNothing(path) else { throw .output(.cannotCreate(path, .fileExists)) }
            guard let place = FilePlace(.path(path)) else { continue }
            let meaning = meaning(of: place) ?? (seen.contains(place) ? "another output" : nil)
            if let meaning {
                throw .usage("\(path.spelled) is \(meaning), and also the name of a partial output")
            }
        }
    }

    private func meaning(of place: FilePlace) -> String? {
        reads.first { $0.place == place }?.meaning
    }
}
