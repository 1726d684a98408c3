package refresh

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"latchkey/internal/logtest"
)

// answer is one that waits.
func answer() spilled {
	return spilled{ConnectionID: "17", ConnectedAt: noon, TokenIssuedAt: noon, TokenExpiresAt: noon, SealedToken: []byte("sealed")}
}

// TestAnswerWithoutAMember holds that a file in which anything is missing that a token needs is no answer.
func TestAnswerWithoutAMember(t *testing.T) {
	t.Parallel()
	for missing, want := range map[string]bool{
		"": true, "store": true, "scopes": true, "connection_id": false, "sealed_token": false, "token_issued_at": false, "token_expires_at": false,
	} {
		body, err := json.Marshal(answer())
		members := map[string]any{}
		if err != nil || json.Unmarshal(body, &members) != nil {
			t.Fatal(err)
		}
		delete(members, missing)
		if body, err = json.Marshal(members); err != nil {
			t.Fatal(err)
		}
		if _, err := parseSpilled(body); (err == nil) != want {
			t.Errorf("without %q: %v", missing, err)
		}
	}
}

// TestAnswerThatCannotTakeItsName holds that an answer whose file cannot get its name counts as one that is
// in memory alone, and is put on disk when it can.
func TestAnswerThatCannotTakeItsName(t *testing.T) {
	t.Parallel()
	s := &Spill{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)}
	if err := s.keep(answer()); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(s.Dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	path := filepath.Join(s.Dir, files[0].Name())
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.keep(answer()); err == nil {
		t.Error("no error")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s.entries()
	if _, err := readSpilled(path); err != nil {
		t.Errorf("not on disk: %v", err)
	}
}

// TestWhatIsNoneOfTheAnswers holds that nothing is told of a folder that is not there, nor of files in it
// that do not claim to be answers.
func TestWhatIsNoneOfTheAnswers(t *testing.T) {
	t.Parallel()
	log := &logtest.Buffer{}
	s := &Spill{Dir: filepath.Join(t.TempDir(), "spill"), Log: slog.New(slog.NewTextHandler(log, nil))}
	if found := s.entries(); len(found) != 0 || log.String() != "" {
		t.Errorf("no folder: found %v, told %s", found, log)
	}
	if err := s.keep(answer()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README", "new-123", ".spill.swp"} {
		if err := os.WriteFile(filepath.Join(s.Dir, name), []byte("not ours"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if found := s.entries(); len(found) != 1 || log.String() != "" {
		t.Errorf("found %v, told %s", found, log)
	}
	if found := (&Spill{Log: s.Log}).entries(); len(found) != 0 || log.String() != "" {
		t.Errorf("without a folder: found %v, told %s", found, log)
	}
}

// TestFolderThatCannotBeRead holds that this is told, and that what is in memory is found all the same.
func TestFolderThatCannotBeRead(t *testing.T) {
	t.Parallel()
	log := &logtest.Buffer{}
	s := &Spill{Dir: filepath.Join(t.TempDir(), "spill"), Log: slog.New(slog.NewTextHandler(log, nil))}
	if err := os.WriteFile(s.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.keep(answer()); err == nil {
		t.Fatal("it was kept in a file")
	}
	if found := s.entries(); len(found) != 1 || log.String() == "" {
		t.Errorf("found %v, told %s", found, log)
	}
}
