internal import Places
internal import Sluice
internal import SystemPackage

/// Where the jobs of a batch write: in a folder that is opened once, before the first of them, and below it, unless the manifest
/// may name any file.
struct JobPlaces: Sendable {
    /// The folder; `nil` where outputs may be anywhere.
    let root: OutputRoot?

    /// Makes the folder, and those above it, and opens it.
    init(_ plan: BatchPlan) throws(Failure) {
        guard let path = plan.outputRoot else {
            root = nil
            return
        }
        do throws(PlaceError) {
            root = OutputRoot(try OpenFolder.making(path), path: path)
        } catch {
            throw Failure(place: SinkError(error, path))
        }
    }

    private var lookup: OutputLookup {
        var lookup = OutputLookup()
        lookup.root = root
        return lookup
    }

    /// The place of a file that a job writes, once all links are followed.
    func place(of file: BatchJob.File) throws(Failure) -> NamedPlace {
        do throws(SinkError) { return try lookup.place(of: file.path) } catch { throw Failure(place: error) }
    }

    /// Makes the folder that a file will be in.
    func makeFolder(of file: BatchJob.File) throws(Failure) {
        let folder = file.path.removingLastComponent()
        do throws(PlaceError) {
            guard let root else {
                _ = try OpenFolder.making(folder)
                return
            }
            guard folder != root.path else { return }
            guard let inside = root.relative(folder) else { throw .outside }
            _ = try OpenFolder.making(inside, in: root.folder)
        } catch .system(let errno) {
            throw Failure(errno, "the folder \(folder.spelled) cannot be made")
        } catch {
            throw Failure(place: SinkError(error, file.path))
        }
    }
}

extension Failure {
    /// An output whose name leads to no place.
    init(place error: SinkError) {
        guard case .cannotCreate(let path, let errno) = error else {
            self.init(.cannotCreate, name: "cannotCreateOutput", message: "\(error)")
            return
        }
        self.init(errno, "\(path.spelled) cannot be created")
    }

    /// What could not be done where outputs go; other jobs give their descriptors back.
    init(_ errno: Errno, _ what: String) {
        self.init(
            errno.isShortage ? .temporary : .cannotCreate,
            name: "cannotCreateOutput",
            message: "\(what): \(errno)"
        )
    }
}
