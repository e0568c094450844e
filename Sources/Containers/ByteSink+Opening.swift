internal import Places
internal import SystemPackage

// Creating the file that is written, or opening a pipe or a device.
extension ByteSink {
    static func create(_ final: NamedPlace, for path: FilePath) throws(SinkError) -> UnnamedFile {
        let replaces = final.entry != nil
        // One that was killed while it replaced a file has left the old one, or the new one.
        if replaces { SideFiles.removeStale(of: final) }
        do throws(Errno) {
            return try UnnamedFile(for: final, replaces: replaces)
        } catch {
            // The user knows the requested name.
            throw .cannotCreate(path, error)
        }
    }

    /// Opens a pipe or a device. It waits for a reader only if the wait can be ended.
    static func openInPlace(
        _ path: FilePath,
        _ checked: FileEntry?,
        _ temporaries: TemporaryFiles,
        mayBeAbandoned: Bool
    ) throws(SinkError) -> FileDescriptor {
        guard !mayBeAbandoned || temporaries.beginOpening() else { throw .cannotCreate(path, .interrupted) }
        defer { if mayBeAbandoned { temporaries.endOpening() } }
        let options: FileDescriptor.OpenOptions = mayBeAbandoned ? [.closeOnExec] : [.closeOnExec, .nonBlocking]
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(path, .writeOnly, options: options)
        } catch {
            throw .cannotCreate(path, error as? Errno ?? .ioError)
        }
        // Another process has created a file there meanwhile, or another pipe.
        let opened = FileEntry(of: descriptor)
        guard opened?.isRegular == false else {
            try? descriptor.close()
            throw .exists(path)
        }
        if let checked, opened?.isSame(as: checked) != true {
            try? descriptor.close()
            throw .foreignPipe(path)
        }
        return descriptor
    }
}
