package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"latchkey/internal/disk"
	"latchkey/internal/disk/disktest"
)

// triedFolder names the folder that a process tries which this test binary starts of itself, as a user who
// may not write it.
const triedFolder = "LATCHKEY_TEST_TRIED_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(triedFolder); folder != "" {
		fmt.Println(disk.Try(folder))
		return
	}
	os.Exit(m.Run())
}

func checkSays(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
	if r, ok := errors.AsType[*disk.Refusal](err); ok && (r.Reason == "" || r.Cure == "" || strings.Contains(r.Cure, "; ")) {
		t.Errorf("reason %q, cure %q", r.Reason, r.Cure)
	}
}

// TestTry holds that a folder with room is well, and that nothing is left in it.
func TestTry(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, in := range []string{folder, filepath.Join(folder, "later", "still")} {
		if err := disk.Try(in); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	checkSays(t, disk.Try(file), "a file is in the place of a folder", "name another path")
}

// TestAFullDisk fills real ones, and holds that what is full is told apart.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	folder := disktest.Mount(t, "size=1m")
	if err := disk.Try(folder); err != nil {
		t.Fatal(err)
	}
	empty := disktest.Fill(t, folder)
	err := disk.Try(filepath.Join(folder, "later"))
	checkSays(t, err, "no space left on the disk of "+folder, "df -h "+folder)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v has not what the system said", err)
	}
	if room, known := disk.RoomAt(folder); !known || room.Bytes != 0 || room.NoFiles || room.ReadOnly {
		t.Errorf("%+v, %t", room, known)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
	empty()
	if room, _ := disk.RoomAt(folder); room.Bytes != 1<<20 {
		t.Errorf("%+v", room)
	}
}

func TestTooManyFiles(t *testing.T) {
	t.Parallel()
	folder := disktest.Mount(t, "size=1m,nr_inodes=2") // the folder itself is one
	if err := os.WriteFile(filepath.Join(folder, "last"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	checkSays(t, disk.Try(folder), "no file can be made any more on the disk of "+folder, "df -i "+folder)
	if room, known := disk.RoomAt(folder); !known || !room.NoFiles || room.Bytes == 0 {
		t.Errorf("%+v, %t", room, known)
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	folder := disktest.Mount(t, "size=1m")
	disktest.Remount(t, folder, "ro")
	checkSays(t, disk.Try(folder), "the file system of "+folder+" is read-only", "ReadWritePaths=")
	if room, known := disk.RoomAt(folder); !known || !room.ReadOnly {
		t.Errorf("%+v, %t", room, known)
	}
}

// TestForbidden tries folders as a user who may not write them.
func TestForbidden(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can try as another user")
	}
	folder, err := os.MkdirTemp("", "disk") // t.TempDir is in a folder that others may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	const root, daemon = 0, 1
	for _, tt := range []struct {
		in    string
		owner int
		parts []string
	}{
		{folder, root, []string{"which belongs to root, mode 0755; if it is for latchkey alone, give it away: sudo chown nobody " + folder}},
		{folder, daemon, []string{"belongs to daemon", "run latchkey as daemon: sudo -u daemon latchkey …, or, if the server runs as nobody, give it away: sudo chown nobody " + folder}},
		{filepath.Join(folder, "later"), root, []string{"chown nobody " + folder}},
	} {
		if err := os.Chown(folder, tt.owner, -1); err != nil {
			t.Fatal(err)
		}
		said := tryAs(t, 65534, tt.in)
		checkSays(t, errors.New(said), append(tt.parts, "the user nobody may not write "+folder+", ")...)
		if tt.owner == root && strings.Contains(said, "latchkey as root") {
			t.Errorf("it advises root: %s", said)
		}
	}
}

// TestForbiddenFile holds that who may not write a file is sent to its owner first: a server may run as that
// one.
func TestForbiddenFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	if err := os.WriteFile(path, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	err := disk.Explain(&fs.PathError{Op: "open", Path: path, Err: syscall.EACCES}, path)
	checkSays(t, err, "may not write "+path, "mode 0400; run latchkey as ", ", or, if the server runs as ", "sudo chown ")
	err = disk.Explain(syscall.EACCES, filepath.Join(path, "..", "a", "b", "latchkey.db"))
	checkSays(t, err, "make the folder: sudo install -d -m 700 -o ")
}

// tryAs is what disk.Try says to a user.
func tryAs(t *testing.T, uid uint32, folder string) string {
	t.Helper()
	binary, err := os.ReadFile(os.Args[0]) // which lies where the user may not look
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(os.TempDir(), fmt.Sprintf("disk-test-%d-%s", os.Getpid(), strings.ReplaceAll(t.Name(), "/", "-")))
	if err := os.WriteFile(program, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(program)
	command := exec.CommandContext(t.Context(), program)
	command.Dir = "/"
	command.Env = []string{triedFolder + "=" + folder}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestExplain holds what else an operating system says, and that no error is explained twice.
func TestExplain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "latchkey.db")
	missing := filepath.Join(folder, "missing", "latchkey.db")
	for _, tt := range []struct {
		err   error
		path  string
		parts []string
	}{
		{syscall.EDQUOT, path, []string{"the disk quota of the user ", "is used up", "raise the quota"}},
		{syscall.EFBIG, path, []string{"size of files is limited", "ulimit -f", "LimitFSIZE="}},
		{syscall.EIO, path, []string{"reports an error", "dmesg"}},
		{fs.ErrNotExist, missing, []string{"the folder of " + missing + " is missing; make it: mkdir -p " + filepath.Dir(missing)}},
		{syscall.ENOTDIR, path, []string{"a file is in the place of a folder"}},
	} {
		err := disk.Explain(fmt.Errorf("open: %w", tt.err), tt.path)
		checkSays(t, err, tt.parts...)
		if !errors.Is(err, tt.err) || disk.Explain(err, "/elsewhere") != err { //nolint:errorlint // the very same
			t.Errorf("%v became %v", tt.err, err)
		}
	}
	for _, err := range []error{nil, errors.New("something else")} {
		if got := disk.Explain(err, path); got != err { //nolint:errorlint // the very same
			t.Errorf("%v became %v", err, got)
		}
	}
}
