internal import ArgumentParser

/// What goes into the output beside the video: only where media is read.
struct AudioFlags: ParsableArguments {
    @Flag(help: "Copy the audio of a media input, without encoding it, into mp4, mkv or webm.")
    var copyAudio = false
}
