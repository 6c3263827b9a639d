// Shows how GitOps tools assess objects. From stdin: the objects, the Lua for Argo CD, and the CEL for Flux.
// To stdout, for each object: what Flux waits for, the results of its health checks, and Argo CD's health.
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type input struct {
	Objects []unstructured.Unstructured      `json:"objects"`
	Lua     string                           `json:"lua"`
	Checks  kustomize.HealthCheckExpressions `json:"checks"`
}

type health struct {
	Wait   status.Status `json:"wait"`
	Checks status.Status `json:"checks"`
	ArgoCD string        `json:"argoCD"`
}

func main() {
	var given input
	must(json.NewDecoder(os.Stdin).Decode(&given))
	evaluator, err := cel.NewStatusEvaluator(&given.Checks)
	must(err)
	found := []health{}
	for i := range given.Objects {
		object := &given.Objects[i]
		waited, err := status.Compute(object)
		must(err)
		checked, err := evaluator.Evaluate(context.Background(), object)
		must(err)
		found = append(found, health{waited.Status, checked.Status, argoHealth(object, given.Lua)})
	}
	must(json.NewEncoder(os.Stdout).Encode(found))
}

// As Argo CD runs it: with the libraries for tables and strings, and the object as the global obj.
func argoHealth(object *unstructured.Unstructured, script string) string {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable, lua.StringLibName: lua.OpenString,
	} {
		must(state.CallByParam(lua.P{Fn: state.NewFunction(open), Protect: true}, lua.LString(name)))
	}
	state.SetGlobal("obj", toLua(state, object.Object))
	must(state.DoString(script))
	return state.Get(-1).(*lua.LTable).RawGetString("status").String()
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch value := value.(type) {
	case map[string]any:
		table := state.NewTable()
		for key, item := range value {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, item := range value {
			table.Append(toLua(state, item))
		}
		return table
	case string:
		return lua.LString(value)
	case bool:
		return lua.LBool(value)
	case int64:
		return lua.LNumber(value)
	case float64:
		return lua.LNumber(value)
	}
	return lua.LNil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
