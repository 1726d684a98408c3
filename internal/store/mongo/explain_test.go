package mongo_test

import (
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// TestQueriesUseTheirIndex asks the server how it goes about each query. It needs a server that
// plans queries; the stand-in reads whole collections.
func TestQueriesUseTheirIndex(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	open(t, uri)
	db := mongotest.Database(t, uri)
	for _, q := range mongo.ExplainedQueries(time.Now()) {
		find := bson.D{{Key: "find", Value: q.Collection}, {Key: "filter", Value: q.Filter}}
		if q.Sort != nil {
			find = append(find, bson.E{Key: "sort", Value: q.Sort})
		}
		var answer bson.Raw
		if err := db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: find}}).Decode(&answer); err != nil {
			t.Fatalf("explain %s: %v", q.Name, err)
		}
		plan, err := answer.LookupErr("queryPlanner", "winningPlan")
		if err != nil {
			t.Skipf("elsewhere: the server explains no plan of its own; set %s to a MongoDB", mongotest.Variable)
		}
		if !served(plan.Document(), q.Index) {
			t.Errorf("%s is not served by the index %s: %v", q.Name, q.Index, plan)
		}
	}
}

// served says whether a plan reads the index and neither the whole collection nor sorts by itself.
func served(plan bson.Raw, index string) bool {
	stages, indexes := steps(plan)
	for _, bad := range []string{"COLLSCAN", "SORT"} {
		if slices.Contains(stages, bad) {
			return false
		}
	}
	// A look-up by the key alone has stages of its own, without the name of the index.
	direct := slices.ContainsFunc(stages, func(s string) bool { return s == "IDHACK" || s == "EXPRESS_IXSCAN" })
	return slices.Contains(indexes, index) || index == "_id_" && direct
}

// steps collects the stages and indexes of a plan, however deep.
func steps(plan bson.Raw) (stages, indexes []string) {
	elements, _ := plan.Elements()
	for _, e := range elements {
		switch v := e.Value(); {
		case e.Key() == "stage":
			stages = append(stages, v.StringValue())
		case e.Key() == "indexName":
			indexes = append(indexes, v.StringValue())
		case v.Type == bson.TypeEmbeddedDocument || v.Type == bson.TypeArray:
			s, i := steps(bson.Raw(v.Value))
			stages, indexes = append(stages, s...), append(indexes, i...)
		}
	}
	return stages, indexes
}

// TestServed holds that the test above would notice.
func TestServed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, plan, index string
		want              bool
	}{
		{"the index", `{"stage":"FETCH","inputStage":{"stage":"IXSCAN","indexName":"expires_at_1"}}`, "expires_at_1", true},
		{"another index", `{"stage":"FETCH","inputStage":{"stage":"IXSCAN","indexName":"_id_"}}`, "expires_at_1", false},
		{"no index", `{"stage":"COLLSCAN"}`, "expires_at_1", false},
		{"no index for one of two", `{"stage":"OR","inputStages":[{"stage":"IXSCAN","indexName":"a"},{"stage":"COLLSCAN"}]}`, "a", false},
		{"a sort of its own", `{"stage":"SORT","inputStage":{"stage":"IXSCAN","indexName":"a"}}`, "a", false},
		{"the key", `{"stage":"IDHACK"}`, "_id_", true},
		{"the key in MongoDB 8", `{"stage":"EXPRESS_IXSCAN","keyPattern":"{ _id: 1 }"}`, "_id_", true},
		{"a plan below a plan", `{"queryPlan":{"stage":"FETCH","inputStage":{"stage":"IXSCAN","indexName":"a"}}}`, "a", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var plan bson.Raw
			if err := bson.UnmarshalExtJSON([]byte(tt.plan), false, &plan); err != nil {
				t.Fatal(err)
			}
			if got := served(plan, tt.index); got != tt.want {
				t.Errorf("served by %s: %v, want %v", tt.index, got, tt.want)
			}
		})
	}
}
