internal import Places
internal import Sluice
internal import SystemPackage

/// Where the jobs of a batch write: in a folder that is opened once, before the first of them, and below it, unless the manifest
/// may name any file.
struct JobPlaces: Sendable {
    /// The folder; `nil` where outputs may be anywhere.
    let root: OutputRoot?

    /// Makes the folder, and those above it, and opens it.
    init(_ plan: BatchPlan) throws(BatchFailure) {
        guard let path = plan.outputRoot else {
            root = nil
            return
        }
        do throws(PlaceError) {
            root = OutputRoot(try OpenFolder.making(path), path: path)
        } catch {
            throw BatchFailure(SinkError(error, path))
        }
    }

    private var lookup: OutputLookup {
        var lookup = OutputLookup()
        lookup.root = root
        return lookup
    }

    /// The place of a file that a job writes, once all links are followed.
    func place(of file: BatchJob.File) throws(BatchFailure) -> NamedPlace {
        do throws(SinkError) { return try lookup.place(of: file.path) } catch { throw BatchFailure(error) }
    }

    /// Makes the folder that a file will be in.
    func makeFolder(of file: BatchJob.File) throws(BatchFailure) {
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
            throw BatchFailure(errno, "the folder \(folder.spelled) cannot be made")
        } catch {
            throw BatchFailure(SinkError(error, file.path))
        }
    }
}

extension BatchFailure {
    /// An output whose name leads to no place.
    init(_ error: SinkError) {
        guard case .cannotCreate(let path, let errno) = error else {
            self.init(code: 73, name: "cannotCreateOutput", message: "\(error)")
            return
        }
        self.init(errno, "\(path.spelled) cannot be created")
    }

    /// What could not be done where outputs go; other jobs give their descriptors back.
    init(_ errno: Errno, _ what: String) {
        self.init(code: errno.isShortage ? 75 : 73, name: "cannotCreateOutput", message: "\(what): \(errno)")
    }
}
